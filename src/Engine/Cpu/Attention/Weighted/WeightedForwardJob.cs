using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>Forward, a unit a chunk.</summary>
internal unsafe struct WeightedForwardJob<TWeighting> : IChunkJob
    where TWeighting : struct, ITileWeighting
{
    public WeightedArguments Arguments;
    public AttentionPlan Plan;

    /// <summary>[T, H·dv].</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>[T, H], or null.</summary>
    public float* LogSums;
    public nint LogSumStride;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>.</summary>
    public float* Scratch;
    public long ScratchFloats;

    /// <summary>Floats of scratch that a worker needs for any unit of the plan.</summary>
    public readonly long Measure()
    {
        long most = 0;
        foreach (var unit in Plan.Units)
        {
            most = Math.Max(most, new WeightedForwardMemory(null, Arguments, unit).Floats);
        }

        return most;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var unit = Plan.Units[chunk];
        new WeightedForwardUnit<TWeighting>(this, unit, new(Scratch + (worker * ScratchFloats), Arguments, unit)).Run<TVector>();
    }
}
