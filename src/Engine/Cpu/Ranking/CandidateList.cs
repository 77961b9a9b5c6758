using System.Runtime.Intrinsics;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>The candidates, checked: increasing rows of the table. Nothing is kept of them but a pointer, so that one query costs no more than reading
/// them.</summary>
internal readonly unsafe struct CandidateList
{
    private readonly int* _items;
    private readonly bool _isRange;

    /// <exception cref="ArgumentException">A candidate is outside the table, or they do not increase.</exception>
    public CandidateList(string operation, IndexTensor candidates, int tableRows)
    {
        _items = CpuDevice.Pointer(candidates);
        Count = candidates.Length;
        if (Count == 0)
        {
            return;
        }

        if (!Increases() || _items[0] < 0 || _items[Count - 1] >= tableRows)
        {
            throw Fault(operation, tableRows);
        }

        _isRange = _items[Count - 1] - _items[0] == Count - 1;
    }

    private CandidateList(int* items, int count)
    {
        _items = items;
        Count = count;
        _isRange = count > 0 && items[count - 1] - items[0] == count - 1;
    }

    public int Count { get; }

    /// <summary>The item at a position.</summary>
    public int this[int position] => _items[position];

    public int* Pointer => _items;

    /// <summary>Candidates that were checked before and have stayed as they were.</summary>
    public static CandidateList Checked(IndexTensor candidates) => new(CpuDevice.Pointer(candidates), candidates.Length);

    /// <summary>The position of an item; −1 where it is no candidate, be it in the table or not.</summary>
    public int Of(int item)
    {
        if (Count == 0 || item < _items[0] || item > _items[Count - 1])
        {
            return -1;
        }

        return _isRange ? item - _items[0] : Math.Max(-1, new ReadOnlySpan<int>(_items, Count).BinarySearch(item));
    }

    private bool Increases()
    {
        var increases = Vector256<int>.AllBitsSet;
        var i = 0;
        for (; i + 9 <= Count; i += 8)
        {
            increases &= Vector256.LessThan(Vector256.Load(_items + i), Vector256.Load(_items + i + 1));
        }

        var all = Vector256.EqualsAll(increases, Vector256<int>.AllBitsSet);
        for (; i + 1 < Count; i++)
        {
            all &= _items[i] < _items[i + 1];
        }

        return all;
    }

    /// <summary>Names the first candidate that breaks the rules.</summary>
    private ArgumentException Fault(string operation, int tableRows)
    {
        var last = -1;
        for (var position = 0; ; position++)
        {
            var item = _items[position];
            if ((uint)item >= (uint)tableRows)
            {
                return new ArgumentException($"{operation}: candidate {position} is item {item}, outside a table of {tableRows} items");
            }

            if (item <= last)
            {
                return new ArgumentException($"{operation}: candidates must increase; candidate {position} is item {item} after item {last}");
            }

            last = item;
        }
    }
}
