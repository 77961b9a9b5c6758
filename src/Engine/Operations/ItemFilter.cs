namespace LargeRec.Engine.Operations;

/// <summary>Per query a list of item indices that must not be ranked, in one array: query b's are Items[Offsets[b] .. Offsets[b+1]].</summary>
public readonly ref struct ItemFilter
{
    public ItemFilter(ReadOnlySpan<int> offsets, ReadOnlySpan<int> items)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != items.Length)
        {
            throw new ArgumentException("item filter: offsets start with 0 and end with the number of items");
        }

        Offsets = offsets;
        Items = items;
    }

    public ReadOnlySpan<int> Offsets { get; }

    public ReadOnlySpan<int> Items { get; }

    /// <summary>Nothing is filtered.</summary>
    public bool IsEmpty => Offsets.IsEmpty;

    public int Queries => Offsets.Length - 1;

    public ReadOnlySpan<int> Of(int query) => IsEmpty ? [] : Items[Offsets[query]..Offsets[query + 1]];
}
