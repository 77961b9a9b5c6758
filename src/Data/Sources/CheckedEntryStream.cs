using System.IO.Hashing;

namespace LargeRec.Data.Sources;

/// <summary>Passes an archive's entry on and checks it as it goes: never more bytes than the archive claims, all of them at the end, and the checksum where
/// there is one.</summary>
/// <param name="entry">The entry's bytes, unpacked.</param>
/// <param name="length">Bytes that the archive claims.</param>
/// <param name="checksum">CRC-32 that the archive claims, or null where the format has none.</param>
/// <param name="owner">Disposed with the stream: the archive.</param>
internal sealed class CheckedEntryStream(Stream entry, long length, uint? checksum, IDisposable owner) : ReadOnlyStream
{
    private readonly Crc32 _crc = new();
    private long _passed;

    public override int Read(Span<byte> buffer)
    {
        var read = entry.Read(buffer);
        _passed += read;
        if (_passed > length)
        {
            throw new InvalidDataException($"the entry has more than the {length} bytes that the archive claims");
        }

        if (checksum is not null)
        {
            _crc.Append(buffer[..read]);
        }

        if (read == 0 && !buffer.IsEmpty)
        {
            if (_passed < length)
            {
                throw new InvalidDataException($"the entry ends after {_passed} of {length} bytes");
            }

            if (checksum is not null && _crc.GetCurrentHashAsUInt32() != checksum)
            {
                throw new InvalidDataException("the entry does not have the checksum that the archive claims");
            }
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            entry.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }
}
