"""The safetensors format, as far as golden files need it: 8 bytes of header length, a JSON header, raw values."""

import json
import struct

import numpy

DTYPE_NAMES = {"float64": "F64", "float32": "F32", "int64": "I64", "int32": "I32", "bool": "BOOL"}
NUMPY_TYPES = {name: numpy.dtype(dtype) for dtype, name in DTYPE_NAMES.items()}


def write(path, tensors, metadata=None):
    """Writes {name: numpy array}; wide types first, so that every tensor starts at a multiple of its own size."""
    header = {"__metadata__": metadata} if metadata else {}
    ordered = sorted(tensors.items(), key=lambda entry: (-entry[1].dtype.itemsize, entry[0]))
    position = 0
    for name, values in ordered:
        header[name] = {"dtype": DTYPE_NAMES[values.dtype.name], "shape": list(values.shape),
                        "data_offsets": [position, position + values.nbytes]}
        position += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, values in ordered:
            file.write(numpy.ascontiguousarray(values).tobytes())


def read(path):
    """Reads {name: numpy array}, without the metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: numpy.frombuffer(data[slice(*entry["data_offsets"])], NUMPY_TYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}
