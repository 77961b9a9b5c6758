using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>Turns a mapped file into sequences, or says what is wrong with it.</summary>
internal sealed class PreparedReader(MappedFile file)
{
    private const string Remedy = "make it again from the data";
    private const int MostSections = 1 << 16;

    private readonly Dictionary<(PreparedSectionKind Kind, int Number), Section> _sections = [];

    private readonly record struct Section(int ValueBytes, long Offset, long ByteCount);

    public PreparedFile Read()
    {
        ReadTable();
        var description = ReadDescription();
        var catalogue = ReadCatalogue(description);
        var offsets = Require<int>(PreparedSectionKind.Offsets);
        var items = Require<int>(PreparedSectionKind.Items);
        PreparedChecks.Offsets(Fault, offsets.Span, items.Count);
        PreparedChecks.Items(Fault, items.Span, catalogue.TableRows);
        var users = offsets.Count - 1;
        var parts = new SequenceParts
        {
            Name = description.Name,
            Present = description.Present,
            Offsets = offsets,
            Items = items,
            Times = Optional<long>(PreparedSectionKind.Times, description.Present.HasFlag(EventColumns.Times), items.Count),
            Ratings = Optional<float>(PreparedSectionKind.Ratings, description.Present.HasFlag(EventColumns.Ratings), items.Count),
            Behaviours = Optional<byte>(PreparedSectionKind.Behaviours, description.Present.HasFlag(EventColumns.Behaviours), items.Count),
            UserIds = ReadIds(PreparedSectionKind.UserText, PreparedSectionKind.UserEnds, users),
            Catalogue = catalogue,
            BehavioursAreFlags = description.BehavioursAreFlags,
            BehaviourNames = description.BehaviourNames,
            UserInformation = ReadAttributes(description.UserInformation, PreparedSectionKind.UserCodes, users),
            ItemInformation = ReadAttributes(description.ItemInformation, PreparedSectionKind.ItemCodes, catalogue.TableRows),
            Notes = [.. description.Notes.Select(OneLine.Of)],
        };
        PreparedChecks.Times(Fault, parts.Times.Span, offsets.Span);
        PreparedChecks.Ratings(Fault, parts.Ratings.Span);
        PreparedChecks.Behaviours(Fault, parts.Behaviours.Span, description.BehaviourNames.Count, description.BehavioursAreFlags);
        return new PreparedFile(file, new InteractionSequences(parts), description.Key);
    }

    private DataFormatException Fault(string reason) => new(file.FilePath, 0, $"the prepared file is damaged: {reason}", Remedy);

    private void ReadTable()
    {
        var start = file.Values<byte>(0, (int)Math.Min(file.Length, PreparedLayout.HeaderBytes));
        if (!start.StartsWith(PreparedLayout.Magic[..Math.Min(start.Length, PreparedLayout.Magic.Length)]))
        {
            throw new DataFormatException(file.FilePath, 0, "this is no prepared file of LargeRec", "give a file that 'largerec data prepare' wrote");
        }

        if (start.Length < PreparedLayout.HeaderBytes)
        {
            throw Fault($"it ends after {start.Length} bytes");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (version != PreparedLayout.Version)
        {
            throw new DataFormatException(file.FilePath, 0,
                $"the prepared file has format version {version} and this program reads version {PreparedLayout.Version}", Remedy);
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(start[16..]);
        if (length != file.Length)
        {
            throw Fault($"it has {file.Length} bytes and its header says {length}");
        }

        var headBytes = PreparedLayout.HeaderBytes + (long)count * PreparedLayout.EntryBytes;
        if (count > MostSections || headBytes > length)
        {
            throw Fault($"its header names {count} sections");
        }

        var head = file.Values<byte>(0, (int)headBytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head[PreparedLayout.ChecksumAt..]) != PreparedLayout.Checksum(head))
        {
            throw Fault("the checksum of its table of contents does not agree");
        }

        for (var i = 0; i < count; i++)
        {
            ReadEntry(head.Slice(PreparedLayout.HeaderBytes + i * PreparedLayout.EntryBytes, PreparedLayout.EntryBytes), headBytes);
        }
    }

    private void ReadEntry(ReadOnlySpan<byte> entry, long headBytes)
    {
        var kind = (PreparedSectionKind)BinaryPrimitives.ReadUInt16LittleEndian(entry);
        var number = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
        var section = new Section(
            BinaryPrimitives.ReadInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
        var isWithin = section.Offset >= headBytes && section.Offset % PreparedLayout.Alignment == 0
            && section.ByteCount >= 0 && section.Offset <= file.Length && section.ByteCount <= file.Length - section.Offset;
        if (!isWithin || !_sections.TryAdd((kind, number), section))
        {
            throw Fault($"section {kind} is there twice or not within the file");
        }

        var hash = new XxHash3();
        const int Piece = 1 << 26;
        for (long done = 0; done < section.ByteCount; done += Piece)
        {
            hash.Append(file.Values<byte>(section.Offset + done, (int)Math.Min(Piece, section.ByteCount - done)));
        }

        if (hash.GetCurrentHashAsUInt64() != BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]))
        {
            throw Fault($"the checksum of section {kind} does not agree");
        }
    }

    private Column<T> Require<T>(PreparedSectionKind kind, int number = 0) where T : unmanaged
    {
        if (!_sections.TryGetValue((kind, number), out var section))
        {
            throw Fault($"section {kind} is missing");
        }

        var size = Unsafe.SizeOf<T>();
        return section.ValueBytes == size && section.ByteCount % size == 0 && section.ByteCount / size <= Array.MaxLength
            ? new Column<T>(file, section.Offset, (int)(section.ByteCount / size))
            : throw Fault($"section {kind} has {section.ByteCount} bytes in values of {section.ValueBytes}, which must be {size}");
    }

    private Column<T> Optional<T>(PreparedSectionKind kind, bool isPresent, int count) where T : unmanaged
    {
        if (!isPresent)
        {
            return Column<T>.Empty;
        }

        var column = Require<T>(kind);
        return column.Count == count ? column : throw Fault($"section {kind} has {column.Count} values and there are {count} events");
    }

    private PreparedDescription ReadDescription()
    {
        try
        {
            var description = JsonSerializer.Deserialize(Require<byte>(PreparedSectionKind.Description).Span, PreparedJson.Default.PreparedDescription);
            return description is not null && description.IsWhole ? description : throw Fault("its description holds null where something is expected");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter is what is said of half a surrogate pair.
            throw Fault($"its description cannot be read ({OneLine.Excerpt(fault.Message, 120)})");
        }
    }

    private ItemVocabulary ReadCatalogue(PreparedDescription description)
    {
        var rows = description.TableRows;
        if (rows < 1)
        {
            throw Fault($"it has {rows} rows of items");
        }

        var ids = description.Numbered ? null : ReadIds(PreparedSectionKind.ItemText, PreparedSectionKind.ItemEnds, rows - 1);
        var candidates = Require<int>(PreparedSectionKind.Candidates).Span;
        PreparedChecks.Candidates(Fault, candidates, rows);
        var (text, ends) = ReadTexts(PreparedSectionKind.TitleText, PreparedSectionKind.TitleEnds);
        return ends.Length <= rows
            ? new ItemVocabulary(ids, rows, candidates.ToArray(), new PackedTexts(text, ends))
            : throw Fault($"it has {ends.Length} titles for {rows} rows of items");
    }

    private Vocabulary ReadIds(PreparedSectionKind textKind, PreparedSectionKind endsKind, int count)
    {
        var (text, ends) = ReadTexts(textKind, endsKind);
        return ends.Length == count ? new Vocabulary(text, ends) : throw Fault($"section {endsKind} has {ends.Length} values where {count} are expected");
    }

    private TextsRead ReadTexts(PreparedSectionKind textKind, PreparedSectionKind endsKind)
    {
        var text = Require<byte>(textKind).Span;
        var ends = Require<int>(endsKind).Span;
        PreparedChecks.Ends(Fault, ends, text.Length, endsKind);
        return new TextsRead(text, ends);
    }

    private SideInformation[] ReadAttributes(IReadOnlyList<PreparedAttribute> attributes, PreparedSectionKind kind, int count)
    {
        var read = new SideInformation[attributes.Count];
        for (var i = 0; i < read.Length; i++)
        {
            var (name, values) = attributes[i];
            var codes = Require<int>(kind, i).Span;
            PreparedChecks.Codes(Fault, codes, values.Count, count, name);
            read[i] = new SideInformation(name, codes.ToArray(), values);
        }

        return read;
    }

    private readonly ref struct TextsRead(ReadOnlySpan<byte> text, ReadOnlySpan<int> ends)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private readonly ReadOnlySpan<int> _ends = ends;

        public void Deconstruct(out ReadOnlySpan<byte> text, out ReadOnlySpan<int> ends)
        {
            text = _text;
            ends = _ends;
        }
    }
}
