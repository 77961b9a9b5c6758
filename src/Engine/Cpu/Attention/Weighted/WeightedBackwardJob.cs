using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>What backward's jobs of every weighting have in common.</summary>
internal static class WeightedBackwardJob
{
    /// <summary>Floats of the sums of a time bias's gradient, by bucket or by a function.</summary>
    public const int TimeSumFloats = TimeBias.SumFloats > TimePowerTile.SumFloats ? TimeBias.SumFloats : TimePowerTile.SumFloats;
}

/// <summary>Backward, a few units a chunk, each chunk with its own tables of the biases' gradients.</summary>
internal unsafe struct WeightedBackwardJob<TWeighting> : IChunkJob
    where TWeighting : struct, ITileWeighting
{
    /// <summary>Chunks at most, for each has tables.</summary>
    private const int MostChunks = 64;

    public WeightedArguments Arguments;
    public AttentionPlan Plan;

    /// <summary>[T, H·dv], the forward pass's.</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>[T, H·dv].</summary>
    public float* OutputGradient;
    public nint OutputGradientStride;

    /// <summary>[T, H], or null.</summary>
    public float* LogSums;
    public nint LogSumStride;

    public AttentionGradient Queries;
    public AttentionGradient Keys;
    public AttentionGradient Values;

    /// <summary>For each chunk a table of <see cref="PositionBias"/>; null if its gradient is not wanted.</summary>
    public float* PositionTables;

    /// <summary>For each chunk a table of <see cref="TimeBias"/>, of <see cref="TimePowerTile"/> its first values; null if its gradient is not
    /// wanted.</summary>
    public float* TimeTables;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>.</summary>
    public float* Scratch;
    public long ScratchFloats;

    public readonly int Chunks => Math.Min(MostChunks, Plan.UnitCount);

    /// <summary>Floats of scratch that a worker needs for any unit of the plan.</summary>
    public readonly long Measure()
    {
        long most = WeightedBackwardJob.TimeSumFloats;
        foreach (var unit in Plan.Units)
        {
            most = Math.Max(most, new WeightedBackwardMemory(null, Arguments, unit).Floats);
        }

        return most;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scratch = Scratch + (worker * ScratchFloats);
        var timeSums = TimeTables == null ? null : scratch;
        new Span<float>(timeSums, TimeTables == null ? 0 : WeightedBackwardJob.TimeSumFloats).Clear();
        float* positionTable = null;
        if (PositionTables != null)
        {
            var floats = PositionBias.TableFloats(Arguments.Operands.Longest);
            positionTable = PositionTables + (chunk * (nint)floats);
            new Span<float>(positionTable, floats).Clear();
        }

        // The largest first, there and back: every chunk gets about as much.
        var chunks = Chunks;
        for (var round = 0; round * chunks < Plan.UnitCount; round++)
        {
            var place = (round * chunks) + (round % 2 == 0 ? chunk : chunks - 1 - chunk);
            if (place < Plan.UnitCount)
            {
                var unit = Plan.Units[place];
                new WeightedBackwardUnit<TWeighting>(this, unit, new(scratch, Arguments, unit), positionTable, timeSums).Run<TVector>();
            }
        }

        if (TimeTables != null && Arguments.Operands.TimeBias != null)
        {
            TimeBias.SumLanes<TVector>(timeSums, TimeTables + (chunk * TimeBias.TableFloats));
        }
        else if (TimeTables != null)
        {
            TimePowerTile.SumLanes<TVector>(timeSums, TimeTables + (chunk * TimeBias.TableFloats));
        }
    }
}
