using System.Buffers.Text;
using System.Globalization;

namespace LargeRec.Data.Events;

/// <summary>
/// The items of a data set: their raw ids and titles by item index, the rows an embedding table needs, and the candidates that a ranking runs over.
/// Index 0 is padding and never an item.
/// </summary>
public sealed class ItemVocabulary
{
    private readonly Vocabulary? _ids;
    private readonly string?[] _titles;
    private readonly int[] _candidates;

    private ItemVocabulary(Vocabulary? ids, int tableRows, int[] candidates, string?[] titles)
    {
        _ids = ids;
        _candidates = candidates;
        _titles = titles;
        TableRows = tableRows;
    }

    /// <summary>Rows of an item table: the largest index + 1, padding included.</summary>
    public int TableRows { get; }

    /// <summary>Item indices that a ranking runs over, ascending.</summary>
    public ReadOnlySpan<int> Candidates => _candidates;

    /// <summary>Items 1 .. n whose raw ids are the vocabulary's 0 .. n - 1; all of them are candidates.</summary>
    /// <param name="ids">Raw ids; the id with index k in it belongs to item k + 1.</param>
    /// <param name="titles">Titles by item index (0 is padding); may be shorter than the items.</param>
    public static ItemVocabulary Dense(Vocabulary ids, ReadOnlySpan<string?> titles = default)
        => new(ids, ids.Count + 1, [.. Enumerable.Range(1, ids.Count)], titles.ToArray());

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
                throw new ArgumentException($"item number {candidates[i]} is not positive or is there twice; numbers must be positive and different", nameof(numbers));
            }
        }

        return new(null, candidates.Length == 0 ? 1 : candidates[^1] + 1, candidates, titles.ToArray());
    }

    /// <summary>The raw id of an item.</summary>
    public string GetId(int index)
    {
        if (index <= 0 || index >= TableRows)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"item indices are 1 .. {TableRows - 1}");
        }

        return _ids is null ? index.ToString(CultureInfo.InvariantCulture) : _ids.GetText(index - 1);
    }

    /// <summary>The title of an item, or null where none is known.</summary>
    public string? GetTitle(int index) => (uint)index < (uint)_titles.Length ? _titles[index] : null;

    /// <summary>The index of the candidate with this raw id, or 0 if there is none.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        if (_ids is not null)
        {
            return _ids.Find(id) + 1;
        }

        return Utf8Parser.TryParse(id, out int number, out var used) && used == id.Length && Array.BinarySearch(_candidates, number) >= 0 ? number : 0;
    }

    /// <summary>The index of the candidate with this raw id, or 0 if there is none.</summary>
    public int Find(string id) => Find(System.Text.Encoding.UTF8.GetBytes(id));
}
