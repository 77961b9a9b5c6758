using System.IO.Hashing;

namespace LargeRec.Data.Preparation;

/// <summary>
/// The layout of a prepared file, all numbers little endian:
/// <code>
/// header, 64 bytes    0  magic (8 bytes)
///                     8  format version (uint32)       12  number of sections (uint32)
///                    16  length of the file (uint64)   24  XxHash3 of the header without this number, then the table (uint64)
///                    32  zero
/// table, 32 bytes     0  kind (uint16)   2  number within the kind (uint16)   4  bytes a value (uint32)
/// a section           8  offset (uint64, a multiple of 64)   16  bytes (uint64)   24  XxHash3 of the bytes (uint64)
/// sections            columns, each at a multiple of 64 bytes, zeros between them
/// </code>
/// </summary>
internal static class PreparedLayout
{
    public const uint Version = 1;

    public const int HeaderBytes = 64;

    public const int EntryBytes = 32;

    public const int Alignment = 64;

    public const int ChecksumAt = 24;

    /// <summary>As PNG's: the first byte is no text, the line ends show a transfer that took the file for text.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'L', (byte)'R', (byte)'D', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>The checksum of header and table, whatever stands in its place.</summary>
    public static ulong Checksum(ReadOnlySpan<byte> head)
    {
        var hash = new XxHash3();
        hash.Append(head[..ChecksumAt]);
        hash.Append(head[(ChecksumAt + sizeof(ulong))..]);
        return hash.GetCurrentHashAsUInt64();
    }

    public static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}

/// <summary>What a section holds.</summary>
internal enum PreparedSectionKind : ushort
{
    Description = 1,
    Offsets,
    Items,
    Times,
    Ratings,
    Behaviours,
    UserText,
    UserEnds,
    ItemText,
    ItemEnds,
    TitleText,
    TitleEnds,
    Candidates,
    UserCodes,
    ItemCodes,
}
