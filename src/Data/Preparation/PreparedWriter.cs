using System.Buffers.Binary;
using System.Text.Json;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>Lays sequences out as <see cref="PreparedLayout"/> says.</summary>
internal static class PreparedWriter
{
    public static void Write(string path, SequenceParts parts, PreparedContents contents, string key, CancellationToken cancellation)
    {
        var sections = Sections(parts, contents, key);
        var head = Head(sections, cancellation);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            long position = head.Length;
            foreach (var section in sections)
            {
                position = Pad(stream, position) + section.ByteCount;
                section.WriteTo(stream, cancellation);
            }
        });
    }

    private static List<PreparedSection> Sections(SequenceParts parts, PreparedContents contents, string key)
    {
        var present = parts.Present;
        present &= contents.HasFlag(PreparedContents.Ratings) ? present : ~EventColumns.Ratings;
        present &= contents.HasFlag(PreparedContents.Behaviours) ? present : ~EventColumns.Behaviours;
        var (ofUsers, ofItems) = contents.HasFlag(PreparedContents.SideInformation) ? (parts.UserInformation, parts.ItemInformation) : ([], []);
        var catalogue = parts.Catalogue;
        var description = new PreparedDescription
        {
            Name = parts.Name,
            Key = key,
            Present = present,
            TableRows = catalogue.TableRows,
            Numbered = catalogue.Ids is null,
            BehavioursAreFlags = parts.BehavioursAreFlags,
            BehaviourNames = present.HasFlag(EventColumns.Behaviours) ? parts.BehaviourNames : [],
            UserInformation = [.. ofUsers.Select(a => new PreparedAttribute(a.Name, a.Values))],
            ItemInformation = [.. ofItems.Select(a => new PreparedAttribute(a.Name, a.Values))],
            Notes = parts.Notes,
        };

        var sections = new List<PreparedSection>
        {
            PreparedSection.Of(PreparedSectionKind.Description,
                new Column<byte>(JsonSerializer.SerializeToUtf8Bytes(description, PreparedJson.Default.PreparedDescription))),
            PreparedSection.Of(PreparedSectionKind.Offsets, parts.Offsets),
            PreparedSection.Of(PreparedSectionKind.Items, parts.Items),
            PreparedSection.Of(PreparedSectionKind.UserText, parts.UserIds.Text),
            PreparedSection.Of(PreparedSectionKind.UserEnds, parts.UserIds.Ends),
            PreparedSection.Of(PreparedSectionKind.TitleText, catalogue.Titles.Text),
            PreparedSection.Of(PreparedSectionKind.TitleEnds, catalogue.Titles.Ends),
            PreparedSection.Of(PreparedSectionKind.Candidates, new Column<int>(catalogue.Candidates.ToArray())),
        };
        AddIf(sections, EventColumns.Times, PreparedSectionKind.Times, parts.Times, present);
        AddIf(sections, EventColumns.Ratings, PreparedSectionKind.Ratings, parts.Ratings, present);
        AddIf(sections, EventColumns.Behaviours, PreparedSectionKind.Behaviours, parts.Behaviours, present);
        if (catalogue.Ids is { } ids)
        {
            sections.Add(PreparedSection.Of(PreparedSectionKind.ItemText, ids.Text));
            sections.Add(PreparedSection.Of(PreparedSectionKind.ItemEnds, ids.Ends));
        }

        sections.AddRange(ofUsers.Select((a, i) => PreparedSection.Of(PreparedSectionKind.UserCodes, new Column<int>([.. a.Codes]), i)));
        sections.AddRange(ofItems.Select((a, i) => PreparedSection.Of(PreparedSectionKind.ItemCodes, new Column<int>([.. a.Codes]), i)));
        return sections;
    }

    private static void AddIf<T>(List<PreparedSection> sections, EventColumns which, PreparedSectionKind kind, Column<T> column, EventColumns present)
        where T : unmanaged
    {
        if (present.HasFlag(which))
        {
            sections.Add(PreparedSection.Of(kind, column));
        }
    }

    private static byte[] Head(List<PreparedSection> sections, CancellationToken cancellation)
    {
        var head = new byte[PreparedLayout.HeaderBytes + sections.Count * PreparedLayout.EntryBytes];
        long end = head.Length;
        for (var i = 0; i < sections.Count; i++)
        {
            var section = sections[i];
            var offset = PreparedLayout.Align(end);
            end = offset + section.ByteCount;
            var entry = head.AsSpan(PreparedLayout.HeaderBytes + i * PreparedLayout.EntryBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)section.Kind);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], checked((ushort)section.Number));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (uint)section.ValueBytes);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], section.ByteCount);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], section.Checksum(cancellation));
        }

        PreparedLayout.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), PreparedLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), sections.Count);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), end);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(PreparedLayout.ChecksumAt), PreparedLayout.Checksum(head));
        return head;
    }

    private static long Pad(Stream stream, long position)
    {
        var aligned = PreparedLayout.Align(position);
        Span<byte> zeros = stackalloc byte[PreparedLayout.Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)(aligned - position)]);
        return aligned;
    }
}
