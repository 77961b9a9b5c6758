using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Per query the positions of the candidates that its filter hides, in increasing order.</summary>
internal readonly unsafe struct HiddenPositions
{
    private readonly int* _offsets;
    private readonly int* _positions;

    /// <param name="memory">As many values as <see cref="MemoryValues"/> says.</param>
    /// <exception cref="ArgumentException">The filter's offsets decrease.</exception>
    public HiddenPositions(string operation, CandidateList candidates, ItemFilter filter, float* memory)
    {
        if (filter.IsEmpty)
        {
            return;
        }

        CheckOffsets(operation, filter);
        _offsets = (int*)memory;
        _positions = _offsets + filter.Offsets.Length;
        var count = 0;
        _offsets[0] = 0;
        for (var query = 0; query < filter.Queries; query++)
        {
            var first = count;
            foreach (var item in filter.Of(query))
            {
                var position = candidates.Of(item);
                _positions[count] = position;
                count += position >= 0 ? 1 : 0;
            }

            new Span<int>(_positions + first, count - first).Sort();
            _offsets[query + 1] = count;
        }
    }

    /// <summary>32-bit values that the positions of a filter take; one more than there are items, since an item that is no candidate is written and
    /// forgotten.</summary>
    public static long MemoryValues(ItemFilter filter) => filter.IsEmpty ? 0 : (long)filter.Offsets.Length + filter.Items.Length + 1;

    /// <summary>Whether a query must not see the candidate at a position.</summary>
    public bool Contains(int query, int position)
    {
        var all = Of(query);
        return !all.IsEmpty && all.BinarySearch(position) >= 0;
    }

    /// <summary>Writes NaN over a query's hidden scores.</summary>
    /// <param name="scores">Of the candidates from <paramref name="first"/> on.</param>
    public void Hide(int query, float* scores, int first, int count)
    {
        var all = Of(query);
        if (all.IsEmpty || all[^1] < first || all[0] >= first + count)
        {
            return;
        }

        var at = all.BinarySearch(first);
        at = at < 0 ? ~at : at;
        while (at > 0 && all[at - 1] == first)
        {
            at--;
        }

        for (; at < all.Length && all[at] < first + count; at++)
        {
            scores[all[at] - first] = float.NaN;
        }
    }

    private static void CheckOffsets(string operation, ItemFilter filter)
    {
        for (var query = 0; query < filter.Queries; query++)
        {
            if (filter.Offsets[query + 1] < filter.Offsets[query])
            {
                throw new ArgumentException($"{operation}: the filter's offsets decrease from {filter.Offsets[query]} to {filter.Offsets[query + 1]} "
                    + $"at query {query}");
            }
        }
    }

    private ReadOnlySpan<int> Of(int query) => _offsets == null ? [] : new(_positions + _offsets[query], _offsets[query + 1] - _offsets[query]);
}
