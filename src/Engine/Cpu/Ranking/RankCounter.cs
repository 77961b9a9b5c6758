using System.Runtime.Intrinsics;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Counts the candidates that stand before each query's target: those with a greater score, and before its position those with an equal one.</summary>
internal unsafe struct RankCounter : IScoreConsumer
{
    /// <summary>[B], the position of each target among the candidates, or −1.</summary>
    public int* Places;

    /// <summary>[B].</summary>
    public float* TargetScores;

    /// <summary>B.</summary>
    public int Queries;

    /// <summary>[workers, B], counted up.</summary>
    public int* Ranks;

    public readonly void Take(int worker, int query, float* scores, int first, int count)
    {
        var place = Places[query];
        if (place < 0)
        {
            return;
        }

        var target = TargetScores[query];
        var before = Math.Clamp(place - first, 0, count);
        var vectorTarget = Vector256.Create(target);
        var counts = Vector256<int>.Zero;
        var i = 0;
        for (; i + 8 <= before; i += 8)
        {
            counts -= Vector256.GreaterThanOrEqual(Vector256.Load(scores + i), vectorTarget).AsInt32();
        }

        var rank = 0;
        for (; i < before; i++)
        {
            rank += scores[i] >= target ? 1 : 0;
        }

        for (; i + 8 <= count; i += 8)
        {
            counts -= Vector256.GreaterThan(Vector256.Load(scores + i), vectorTarget).AsInt32();
        }

        for (; i < count; i++)
        {
            rank += scores[i] > target ? 1 : 0;
        }

        Ranks[((long)worker * Queries) + query] += rank + Vector256.Sum(counts);
    }
}
