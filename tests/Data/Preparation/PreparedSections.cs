using System.Buffers.Binary;
using System.IO.Hashing;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

/// <summary>Takes prepared files apart and puts them together with checksums that agree, whatever the sections hold.</summary>
internal static class PreparedSections
{
    public static Section[] Of(byte[] file)
    {
        var sections = new Section[BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12))];
        for (var i = 0; i < sections.Length; i++)
        {
            var entry = file.AsSpan(PreparedLayout.HeaderBytes + (i * PreparedLayout.EntryBytes), PreparedLayout.EntryBytes);
            var (offset, length) = ((int)BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), (int)BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
            sections[i] = new Section(entry[..8].ToArray(), file[offset..(offset + length)]);
        }

        return sections;
    }

    public static byte[] ToFile(Section[] sections)
    {
        var file = new List<byte>(new byte[PreparedLayout.HeaderBytes + (sections.Length * PreparedLayout.EntryBytes)]);
        var head = new byte[file.Count];
        for (var i = 0; i < sections.Length; i++)
        {
            file.AddRange(new byte[PreparedLayout.Align(file.Count) - file.Count]);
            var entry = head.AsSpan(PreparedLayout.HeaderBytes + (i * PreparedLayout.EntryBytes));
            sections[i].Kind.CopyTo(entry);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], file.Count);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], sections[i].Bytes.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], XxHash3.HashToUInt64(sections[i].Bytes));
            file.AddRange(sections[i].Bytes);
        }

        PreparedLayout.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), PreparedLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), sections.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), file.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(PreparedLayout.ChecksumAt), PreparedLayout.Checksum(head));
        return [.. head, .. file.Skip(head.Length)];
    }

    /// <param name="Kind">The first bytes of its entry: kind, number, bytes a value.</param>
    /// <param name="Bytes">Its values.</param>
    internal sealed record Section(byte[] Kind, byte[] Bytes);
}
