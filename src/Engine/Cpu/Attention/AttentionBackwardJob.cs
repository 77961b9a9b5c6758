using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Backward, a few units a chunk, each chunk with its own tables of the biases' gradients.</summary>
internal unsafe struct AttentionBackwardJob : IChunkJob
{
    /// <summary>Chunks at most, for each has tables.</summary>
    private const int MostChunks = 64;

    public AttentionArguments Arguments;
    public AttentionPlan Plan;

    /// <summary>Threads that take chunks.</summary>
    public int Workers;

    /// <summary>[T, H·dv].</summary>
    public float* OutputGradient;
    public nint OutputStride;

    public AttentionGradient Queries;
    public AttentionGradient Keys;
    public AttentionGradient Values;

    /// <summary>Partial gradients of queries of the plan's splits: [part, head, padded row, padded dqk] each; null if not wanted.</summary>
    public float* Partials;

    /// <summary>For each chunk a table of <see cref="PositionBias"/>; null if its gradient is not wanted.</summary>
    public float* PositionTables;

    /// <summary>For each chunk a table of <see cref="TimeBias"/>; null if its gradient is not wanted.</summary>
    public float* TimeTables;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>.</summary>
    public float* Scratch;
    public long ScratchFloats;

    public readonly int Chunks => Math.Min(MostChunks, Plan.UnitCount);

    /// <summary>Floats of scratch that a worker needs for any unit of the plan.</summary>
    public readonly long Measure()
    {
        long most = TimeBias.SumFloats;
        foreach (var unit in Plan.Units)
        {
            most = Math.Max(most, new AttentionBackwardMemory(null, Arguments, unit, Arguments.Rows(unit)).Floats);
        }

        return most;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scratch = Scratch + (worker * ScratchFloats);
        var timeSums = TimeTables == null ? null : scratch;
        new Span<float>(timeSums, TimeTables == null ? 0 : TimeBias.SumFloats).Clear();
        float* positionTable = null;
        if (PositionTables != null)
        {
            var floats = PositionBias.TableFloats(Arguments.Longest);
            positionTable = PositionTables + (chunk * (nint)floats);
            new Span<float>(positionTable, floats).Clear();
        }

        // The largest first, there and back: every chunk gets about as much.
        var chunks = Chunks;
        for (var round = 0; round * chunks < Plan.UnitCount; round++)
        {
            var place = Place(chunk, round);
            if (place < Plan.UnitCount)
            {
                var unit = Plan.Units[place];
                var memory = new AttentionBackwardMemory(scratch, Arguments, unit, Arguments.Rows(unit));
                new AttentionBackwardUnit(this, unit, Next(chunk, round), memory, positionTable, timeSums).Run<TVector>();
            }
        }

        if (TimeTables != null)
        {
            TimeBias.SumLanes<TVector>(timeSums, TimeTables + (chunk * TimeBias.TableFloats));
        }
    }

    private readonly int Place(int chunk, int round) => (round * Chunks) + (round % 2 == 0 ? chunk : Chunks - 1 - chunk);

    /// <summary>The unit that this worker will probably have after one: the chunk's next, or the first of the chunk that will be free then.</summary>
    private readonly AttentionUnit Next(int chunk, int round)
    {
        var place = Place(chunk, round + 1);
        if (place >= Plan.UnitCount)
        {
            place = chunk + Workers;
        }

        return place < Plan.UnitCount && (place >= Chunks || chunk + Workers < Chunks) ? Plan.Units[place] : default;
    }
}
