using System.Buffers.Binary;
using System.IO.Compression;

namespace LargeRec.Data.Events;

/// <summary>
/// Unpacks a gzip file and checks at its end that the bytes unpacked are as many as its trailer says (RFC 1952, ISIZE).
/// The framework's <see cref="GZipStream"/> takes the end of a cut file for the end of the data.
/// </summary>
internal sealed class CheckedGzipStream : Stream
{
    private readonly GZipStream _unpacked;
    private readonly uint _expected;
    private uint _passed;

    public CheckedGzipStream(FileStream file)
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        file.Position = Math.Max(0, file.Length - trailer.Length);
        file.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false);
        _expected = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        file.Position = 0;
        _unpacked = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        _passed += (uint)read;
        if (read == 0 && !buffer.IsEmpty && _passed != _expected)
        {
            throw new InvalidDataException($"{_passed} bytes were unpacked where the gzip trailer says {_expected} (both modulo 2^32)");
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
