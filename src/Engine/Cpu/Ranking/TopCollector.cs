using System.Runtime.Intrinsics;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Keeps the best candidates of each query in a heap whose root is the worst of them: nearly all others fall to one comparison with it.</summary>
internal unsafe struct TopCollector : IScoreConsumer
{
    /// <summary>k.</summary>
    public int Capacity;

    /// <summary>[B], how many there are so far.</summary>
    public int* Counts;

    /// <summary>[B, k], positions among the candidates.</summary>
    public int* Positions;

    /// <summary>[B, k].</summary>
    public float* Scores;

    public readonly void Take(int query, float* scores, int first, int count)
    {
        var heap = Heap(query);
        var i = 0;
        for (; i < count && heap.Count < Capacity; i++)
        {
            if (!float.IsNaN(scores[i]))
            {
                heap.Push(scores[i], first + i);
            }
        }

        if (heap.Count == Capacity)
        {
            // An equal score has the larger index, candidates coming in order: only a greater one gets in.
            for (; i + 8 <= count; i += 8)
            {
                if (Vector256.GreaterThanAny(Vector256.Load(scores + i), Vector256.Create(heap.Worst)))
                {
                    ReplaceWorst(ref heap, scores, i, i + 8, first);
                }
            }

            ReplaceWorst(ref heap, scores, i, count, first);
        }

        Counts[query] = heap.Count;
    }

    public readonly BestHeap Heap(int query) => new(Scores + ((long)query * Capacity), Positions + ((long)query * Capacity), Counts[query]);

    private static void ReplaceWorst(ref BestHeap heap, float* scores, int from, int to, int first)
    {
        for (var i = from; i < to; i++)
        {
            if (scores[i] > heap.Worst)
            {
                heap.ReplaceWorst(scores[i], first + i);
            }
        }
    }
}
