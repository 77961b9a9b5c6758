using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Forward, a unit a chunk.</summary>
internal unsafe struct AttentionForwardJob : IChunkJob
{
    public AttentionArguments Arguments;
    public AttentionPlan Plan;

    /// <summary>Units between one that a worker has and the one that it will probably get next.</summary>
    public int Workers;

    /// <summary>[T, H·dv].</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>.</summary>
    public float* Scratch;
    public long ScratchFloats;

    /// <summary>Floats of scratch that a worker needs for any unit of the plan.</summary>
    public readonly long Measure()
    {
        long most = 0;
        foreach (var unit in Plan.Units)
        {
            most = Math.Max(most, new AttentionForwardMemory(null, Arguments, unit, Arguments.Rows(unit)).Floats);
        }

        return most;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var unit = Plan.Units[chunk];
        var memory = new AttentionForwardMemory(Scratch + (worker * ScratchFloats), Arguments, unit, Arguments.Rows(unit));
        var next = chunk + Workers < Plan.UnitCount ? Plan.Units[chunk + Workers] : default;
        new AttentionForwardUnit(this, unit, next, memory).Run<TVector>();
    }
}
