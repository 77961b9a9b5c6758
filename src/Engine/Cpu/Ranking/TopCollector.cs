using System.Numerics;
using System.Runtime.Intrinsics;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Keeps the best candidates of each query by selection: what reaches the worst of the best so far is noted, and whenever the notes are full the k best of them
/// are selected and set the bar anew. A candidate costs a comparison, one that is noted a few steps whatever k. Each worker has notes of its own.
/// </summary>
internal unsafe struct TopCollector : IScoreConsumer
{
    /// <summary>k.</summary>
    public int K;

    /// <summary>The first query that it collects for.</summary>
    public int First;

    /// <summary>Q, how many queries it collects for.</summary>
    public int Queries;

    /// <summary>Notes of a query, more than k.</summary>
    public int Capacity;

    /// <summary>[workers, Q, capacity].</summary>
    public ulong* Keys;

    /// <summary>[workers, Q], how many notes there are.</summary>
    public int* Counts;

    /// <summary>[workers, Q]: no score below it is among the best.</summary>
    public float* Bars;

    /// <summary>Notes for lists of k out of so many candidates: twice the list, so that a selection pays for k notes.</summary>
    public static int CapacityFor(int k, int candidates) => (2 * Math.Min(k, candidates)) + 32;

    /// <summary>32-bit values of memory that it works in.</summary>
    public static long MemoryValues(int workers, int queries, int capacity) => (long)workers * queries * ((2L * capacity) + 2);

    /// <summary>An empty collector.</summary>
    /// <param name="memory">As many 32-bit values as <see cref="MemoryValues"/> says, 8-byte aligned.</param>
    public static TopCollector Create(int k, int workers, int first, int queries, int capacity, float* memory)
    {
        var keys = (ulong*)memory;
        var counts = (int*)(keys + ((long)workers * queries * capacity));
        var bars = (float*)(counts + ((long)workers * queries));
        new Span<int>(counts, workers * queries).Clear();
        new Span<float>(bars, workers * queries).Fill(float.NegativeInfinity);
        return new() { K = k, First = first, Queries = queries, Capacity = capacity, Keys = keys, Counts = counts, Bars = bars };
    }

    public readonly void Take(int worker, int query, float* scores, int first, int count)
    {
        var bar = Bar(worker, query);
        var i = 0;
        for (; i + 8 <= count; i += 8)
        {
            // Nothing is at least NaN, nor is NaN at least anything: what is hidden stays out.
            var reaching = Vector256.GreaterThanOrEqual(Vector256.Load(scores + i), Vector256.Create(bar)).ExtractMostSignificantBits();
            for (; reaching != 0; reaching &= reaching - 1)
            {
                var place = i + BitOperations.TrailingZeroCount(reaching);
                bar = Note(worker, query, scores[place], first + place);
            }
        }

        for (; i < count; i++)
        {
            if (scores[i] >= bar)
            {
                bar = Note(worker, query, scores[i], first + i);
            }
        }
    }

    /// <summary>No score below it is among the best of what a worker has seen.</summary>
    public readonly float Bar(int worker, int query) => Bars[Slot(worker, query)];

    /// <summary>Notes a candidate unless it is below the bar.</summary>
    /// <returns>The bar.</returns>
    public readonly float Note(int worker, int query, float score, int position)
    {
        var slot = Slot(worker, query);
        if (score >= Bars[slot])
        {
            Add(slot, BestKeys.Of(score, position));
        }

        return Bars[slot];
    }

    /// <summary>Brings a query's notes together and writes its list, best first; item −1 and score −∞ where there are fewer.</summary>
    public readonly void Write(int query, int workers, CandidateList candidates, Span<int> items, Span<float> scores)
    {
        for (var worker = 1; worker < workers; worker++)
        {
            var slot = Slot(worker, query);
            for (var i = 0; i < Counts[slot]; i++)
            {
                Add(Slot(0, query), Keys[((long)slot * Capacity) + i]);
            }
        }

        var keys = new Span<ulong>(Keys + ((long)Slot(0, query) * Capacity), Counts[Slot(0, query)]);
        BestKeys.Select(keys, Math.Min(K, keys.Length));
        keys = keys[..Math.Min(K, keys.Length)];
        BestKeys.SortDescending(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            items[i] = candidates[BestKeys.Position(keys[i])];
            scores[i] = BestKeys.Score(keys[i]);
        }

        items[keys.Length..].Fill(-1);
        scores[keys.Length..].Fill(float.NegativeInfinity);
    }

    private readonly int Slot(int worker, int query) => (worker * Queries) + query - First;

    private readonly void Add(int slot, ulong key)
    {
        var keys = Keys + ((long)slot * Capacity);
        if (Counts[slot] == Capacity)
        {
            // Full notes are more than k, since their capacity is more than twice the smaller of k and all candidates.
            BestKeys.Select(new(keys, Capacity), K);
            var worst = keys[0];
            for (var i = 1; i < K; i++)
            {
                worst = Math.Min(worst, keys[i]);
            }

            Counts[slot] = K;
            Bars[slot] = BestKeys.Score(worst);
            if (key < worst)
            {
                return;
            }
        }

        keys[Counts[slot]++] = key;
    }
}
