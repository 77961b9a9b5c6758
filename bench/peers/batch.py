"""What both peers share: the setting, the batch and the initial weights. Letters as in docs: T tokens, B sequences, D width."""

import gzip
import os
import pathlib
from dataclasses import dataclass

import numpy
import torch

ITEM_TABLE = "_embedding_module._item_emb.weight"
POSITION_TABLE = "_input_features_preproc._pos_emb.weight"
BUCKETS = 129


def layer_prefix(index):
    return f"_hstu._attention_layers.{index}."


@dataclass(frozen=True)
class Setting:
    blocks: int = 2
    heads: int = 1
    width: int = 50
    length: int = 200
    items: int = 3952
    negatives: int = 128
    temperature: float = 0.05
    dropout: float = 0.2
    rate: float = 1e-3

    @property
    def normaliser(self):
        return self.length + 11

    @property
    def head_width(self):
        return self.width // self.heads


@dataclass
class Batch:
    """Jagged rows of B sequences: ids, labels (the next id), times of the events and of the events after them, in seconds."""
    lengths: numpy.ndarray
    ids: torch.Tensor
    labels: torch.Tensor
    events: torch.Tensor
    nexts: torch.Tensor
    negatives: torch.Tensor = None      # given ones, or None: the step draws its own

    @property
    def offsets(self):
        return numpy.concatenate([[0], numpy.cumsum(self.lengths)])


def movielens_lengths(count, longest, seed):
    """Training lengths of `count` users of $LARGEREC_DATA/ml-1m: all events but the last two, at most `longest`."""
    folder = pathlib.Path(os.environ.get("LARGEREC_DATA", "data")) / "ml-1m"
    path = next((folder / name for name in ("ratings.dat.gz", "ratings.dat") if (folder / name).exists()), None)
    if path is None:
        raise SystemExit(f"no ratings.dat(.gz) in {folder}: set LARGEREC_DATA, or give --lengths-file")
    opened = gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")
    with opened as file:
        users = numpy.array([int(line[:line.index(b"::")]) for line in file])
    counts = numpy.bincount(users)
    counts = numpy.minimum(counts[counts >= 3] - 2, longest)
    return numpy.random.default_rng(seed).permutation(counts)[:count]


def make_batch(setting, lengths, seed, negatives=False):
    """Popular items more often; gaps from ties to months. With `negatives`, given draws, some of them the label."""
    random = numpy.random.default_rng(seed)
    ids, labels, events, nexts = [], [], [], []
    for length in lengths:
        chosen = 1 + (setting.items * random.random(length + 1) ** 2).astype(numpy.int64)
        gaps = numpy.exp(random.uniform(0, 14, length + 1)).astype(numpy.int64)
        gaps[random.random(length + 1) < 0.4] = 0
        times = 900_000_000 + numpy.cumsum(gaps)
        for rows, values in ((ids, chosen[:-1]), (labels, chosen[1:]), (events, times[:-1]), (nexts, times[1:])):
            rows.append(values)
    named = [torch.from_numpy(numpy.concatenate(rows)) for rows in (ids, labels, events, nexts)]
    batch = Batch(numpy.asarray(lengths), *named)
    if negatives:
        draws = random.integers(1, setting.items + 1, (len(batch.ids), setting.negatives))
        draws[::7, 0] = batch.labels.numpy()[::7]
        batch.negatives = torch.from_numpy(draws)
    return batch


def initial_weights(setting, seed, scale=1.0):
    """Public names; published initialisation (item table without its truncation); `scale` widens the layers' weights for checks."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape, std):
        return torch.randn(*shape, generator=generator) * std

    width, positions = setting.width, setting.normaliser
    weights = {ITEM_TABLE: normal(setting.items + 1, width, std=0.02),
               POSITION_TABLE: normal(positions, width, std=(2 / (positions + width)) ** 0.5)}
    for index in range(setting.blocks):
        prefix = layer_prefix(index)
        weights[prefix + "_uvqk"] = normal(width, 4 * width, std=0.02 * scale)
        weights[prefix + "_o.weight"] = (torch.rand(width, width, generator=generator) * 2 - 1) * (3 / width) ** 0.5
        weights[prefix + "_o.bias"] = (torch.rand(width, generator=generator) * 2 - 1) / width ** 0.5
        weights[prefix + "_rel_attn_bias._ts_w"] = normal(BUCKETS, std=0.02 * scale)
        weights[prefix + "_rel_attn_bias._pos_w"] = normal(2 * positions - 1, std=0.02 * scale)
    return weights
