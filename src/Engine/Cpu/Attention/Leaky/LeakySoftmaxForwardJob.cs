using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Attention.Leaky;

/// <summary>Forward, a head of a sequence a chunk.</summary>
internal unsafe struct LeakySoftmaxForwardJob : IChunkJob
{
    public LeakySoftmaxArguments Arguments;

    /// <summary>[T, H·dv].</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>[T, H], or null.</summary>
    public float* LogSums;
    public nint LogSumStride;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>: a row of scores and one of buckets.</summary>
    public float* Scratch;

    public readonly int Chunks => Arguments.Sequences * Arguments.Heads;

    public readonly long ScratchFloats => 2L * Arguments.RowFloats;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (sequence, head) = (chunk / Arguments.Heads, chunk % Arguments.Heads);
        var first = Arguments.First(sequence);
        var weights = Scratch + (worker * ScratchFloats);
        var buckets = (int*)(weights + Arguments.RowFloats);
        for (var row = 0; row < Arguments.Rows(sequence); row++)
        {
            Arguments.Scores<TVector>(sequence, head, row, weights, buckets);
            var largest = float.NegativeInfinity;
            for (var column = 0; column < Arguments.Normalizer; column++)
            {
                largest = Math.Max(largest, weights[column]);
            }

            var sum = Arguments.Exponentials<TVector>(weights, largest);
            var output = Output + ((first + row) * OutputStride) + (head * Arguments.ValueWidth);
            new Span<float>(output, Arguments.ValueWidth).Clear();
            for (var column = 0; column <= row; column++)
            {
                LeakySoftmaxArguments.Add<TVector>(weights[column] / sum, Arguments.Value(first + column, head), output, Arguments.ValueWidth);
            }

            if (LogSums != null)
            {
                LogSums[((first + row) * LogSumStride) + head] = largest + TVector.MaxLane(Elementary.Log(TVector.Broadcast(sum)));
            }
        }
    }
}
