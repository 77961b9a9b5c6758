using System.Buffers.Binary;
using System.IO.Compression;

namespace LargeRec.Data.Sources;

/// <summary>
/// Unpacks a gzip stream and checks at its end that the bytes unpacked are as many as its trailer says (RFC 1952, ISIZE).
/// The framework's <see cref="GZipStream"/> takes the end of a cut file for the end of the data.
/// </summary>
internal sealed class CheckedGzipStream : ReadOnlyStream
{
    private readonly TailStream _packed;
    private readonly GZipStream _unpacked;
    private uint _passed;
    private bool _atEnd;

    /// <param name="packed">Read to its end and disposed with this stream.</param>
    public CheckedGzipStream(Stream packed)
    {
        _packed = new TailStream(packed);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        _passed += (uint)read;
        if (read == 0 && !buffer.IsEmpty && !_atEnd)
        {
            _atEnd = true;
            var expected = _packed.ReadTail();
            if (_passed != expected)
            {
                throw new InvalidDataException($"{_passed} bytes were unpacked where the gzip trailer says {expected} (both modulo 2^32)");
            }
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Passes bytes on and remembers the last four.</summary>
    private sealed class TailStream(Stream below) : ReadOnlyStream
    {
        private ulong _tail;

        public override int Read(Span<byte> buffer)
        {
            var read = below.Read(buffer);
            foreach (var b in buffer[Math.Max(0, read - sizeof(uint))..read])
            {
                _tail = (_tail << 8) | b;
            }

            return read;
        }

        /// <summary>Reads what is left; the last four bytes as a little-endian number.</summary>
        public uint ReadTail()
        {
            Span<byte> rest = stackalloc byte[1 << 10];
            while (Read(rest) > 0)
            {
            }

            return BinaryPrimitives.ReverseEndianness((uint)_tail);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                below.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
