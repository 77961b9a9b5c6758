using System.Buffers.Text;
using System.Globalization;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Events;

/// <summary>
/// The items of a data set: their raw ids and titles by item index, the rows an embedding table needs, and the candidates that a ranking runs over.
/// Index 0 is padding and never an item.
/// </summary>
public sealed class ItemVocabulary
{
    private readonly int[] _candidates;

    /// <param name="ids">Raw ids of the items 1, 2, ...; null where items are their own numbers.</param>
    /// <param name="tableRows">The largest index + 1.</param>
    /// <param name="candidates">Ascending.</param>
    /// <param name="titles">By item index.</param>
    internal ItemVocabulary(Vocabulary? ids, int tableRows, int[] candidates, PackedTexts titles)
    {
        Ids = ids;
        _candidates = candidates;
        Titles = titles;
        TableRows = tableRows;
    }

    /// <summary>Raw ids of the items 1, 2, ...; null where items are their own numbers.</summary>
    internal Vocabulary? Ids { get; }

    internal PackedTexts Titles { get; }

    /// <summary>Rows of an item table: the largest index + 1, padding included.</summary>
    public int TableRows { get; }

    /// <summary>Item indices that a ranking runs over, ascending.</summary>
    public ReadOnlySpan<int> Candidates => _candidates;

    /// <summary>Items 1 .. n whose raw ids are the vocabulary's 0 .. n - 1; all of them are candidates.</summary>
    /// <param name="ids">Raw ids; the id with index k in it belongs to item k + 1.</param>
    /// <param name="titles">Titles by item index (0 is padding); may be shorter than the items.</param>
    public static ItemVocabulary Dense(Vocabulary ids, ReadOnlySpan<string?> titles = default)
        => new(ids, ids.Count + 1, [.. Enumerable.Range(1, ids.Count)], new PackedTexts(titles));

    /// <summary>Items that keep their own positive numbers: index = number, rows = largest number + 1, candidates = the numbers given.</summary>
    /// <param name="numbers">The numbers of the catalogue's items, in any order.</param>
    /// <param name="titles">Titles by number; may be shorter than the items.</param>
    public static ItemVocabulary Numbered(ReadOnlySpan<int> numbers, ReadOnlySpan<string?> titles = default)
    {
        int[] candidates = [.. numbers];
        Array.Sort(candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i] <= 0 || (i > 0 && candidates[i] == candidates[i - 1]))
            {
                throw new ArgumentException($"item number {candidates[i]} is not positive or is there twice; numbers must be positive and different",
                    nameof(numbers));
            }
        }

        return new(null, candidates.Length == 0 ? 1 : candidates[^1] + 1, candidates, new PackedTexts(titles));
    }

    /// <summary>The raw id of an item.</summary>
    public string GetId(int index)
    {
        if (index <= 0 || index >= TableRows)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"item indices are 1 .. {TableRows - 1}");
        }

        return Ids is null ? index.ToString(CultureInfo.InvariantCulture) : Ids.GetText(index - 1);
    }

    /// <summary>The title of an item, or null where none is known.</summary>
    public string? GetTitle(int index) => Titles[index];

    /// <summary>The index of the candidate with this raw id, or 0 if there is none.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        if (Ids is not null)
        {
            return Ids.Find(id) + 1;
        }

        return Utf8Parser.TryParse(id, out int number, out var used) && used == id.Length && Array.BinarySearch(_candidates, number) >= 0 ? number : 0;
    }

    /// <summary>The index of the candidate with this raw id, or 0 if there is none.</summary>
    public int Find(string id) => Find(System.Text.Encoding.UTF8.GetBytes(id));
}
