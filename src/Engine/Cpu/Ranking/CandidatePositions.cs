using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Where each item stands in the list of candidates.</summary>
internal readonly unsafe struct CandidatePositions
{
    private readonly int* _positions;
    private readonly int _items;

    /// <param name="memory">One value an item.</param>
    /// <exception cref="ArgumentException">A candidate is outside the table, or they do not increase.</exception>
    public CandidatePositions(string operation, IndexTensor candidates, int items, float* memory)
    {
        _positions = (int*)memory;
        _items = items;
        new Span<int>(_positions, items).Fill(-1);
        var list = new ReadOnlySpan<int>(CpuDevice.Pointer(candidates), candidates.Length);
        var last = -1;
        for (var position = 0; position < list.Length; position++)
        {
            var item = list[position];
            if ((uint)item >= (uint)items)
            {
                throw new ArgumentException($"{operation}: candidate {position} is item {item}, outside a table of {items} items");
            }

            if (item <= last)
            {
                throw new ArgumentException($"{operation}: candidates must increase; candidate {position} is item {item} after item {last}");
            }

            _positions[item] = position;
            last = item;
        }
    }

    /// <summary>The position of an item; −1 where it is no candidate, be it in the table or not.</summary>
    public int Of(int item) => (uint)item < (uint)_items ? _positions[item] : -1;

    /// <summary>Whether a query must not see the candidate at a position.</summary>
    public bool Filters(ItemFilter filter, int query, int position)
    {
        foreach (var item in filter.Of(query))
        {
            if (Of(item) == position)
            {
                return true;
            }
        }

        return false;
    }
}
