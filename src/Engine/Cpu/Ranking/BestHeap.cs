namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>A binary heap of (score, position), the worst at its root: a lower score, or an equal score and a larger position.</summary>
internal unsafe struct BestHeap(float* scores, int* positions, int count)
{
    private readonly float* _scores = scores;
    private readonly int* _positions = positions;

    public int Count { get; private set; } = count;

    public readonly float Worst => _scores[0];

    public void Push(float score, int position)
    {
        var place = Count++;
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!IsWorse(score, position, _scores[parent], _positions[parent]))
            {
                break;
            }

            Put(place, _scores[parent], _positions[parent]);
            place = parent;
        }

        Put(place, score, position);
    }

    public readonly void ReplaceWorst(float score, int position) => Sink(score, position, Count);

    /// <summary>Puts the best first; the heap is one no more.</summary>
    public readonly void Sort()
    {
        for (var last = Count - 1; last > 0; last--)
        {
            var (score, position) = (_scores[last], _positions[last]);
            Put(last, _scores[0], _positions[0]);
            Sink(score, position, last);
        }
    }

    private static bool IsWorse(float score, int position, float than, int thanPosition) => score < than || (score == than && position > thanPosition);

    /// <summary>Puts an entry at the root and lets it sink within the first entries.</summary>
    private readonly void Sink(float score, int position, int count)
    {
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= count)
            {
                break;
            }

            if (child + 1 < count && IsWorse(_scores[child + 1], _positions[child + 1], _scores[child], _positions[child]))
            {
                child++;
            }

            if (!IsWorse(_scores[child], _positions[child], score, position))
            {
                break;
            }

            Put(place, _scores[child], _positions[child]);
            place = child;
        }

        Put(place, score, position);
    }

    private readonly void Put(int place, float score, int position)
    {
        _scores[place] = score;
        _positions[place] = position;
    }
}
