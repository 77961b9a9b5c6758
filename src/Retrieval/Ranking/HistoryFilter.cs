using LargeRec.Data.Batching;
using LargeRec.Engine.Operations;

namespace LargeRec.Retrieval.Ranking;

/// <summary>The items that each query of a batch must not see: those of its own window, as published, or of a longer history.</summary>
public sealed class HistoryFilter
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _items = [];

    /// <summary>The filter over the queries added so far; valid until the next change.</summary>
    public ItemFilter Filter => new(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_offsets),
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_items));

    public void Clear()
    {
        _offsets.Clear();
        _offsets.Add(0);
        _items.Clear();
    }

    /// <summary>The next query must not see these.</summary>
    public void Add(ReadOnlySpan<int> items)
    {
        foreach (var item in items)
        {
            _items.Add(item);
        }

        _offsets.Add(_items.Count);
    }

    /// <summary>Replaces the contents by the windows of a batch: only the latest events that the model itself sees, as the published evaluation does.</summary>
    public void FillFromWindows(JaggedBatch batch)
    {
        Clear();
        for (var b = 0; b < batch.SequenceCount; b++)
        {
            Add(batch.Items[batch.Offsets[b]..batch.Offsets[b + 1]]);
        }
    }
}
