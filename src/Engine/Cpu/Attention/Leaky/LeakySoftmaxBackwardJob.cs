using LargeRec.Engine.Cpu.Normalization;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention.Leaky;

/// <summary>Backward, some sequences a chunk, each chunk with its own sums of the biases' gradients.</summary>
internal unsafe struct LeakySoftmaxBackwardJob : IChunkJob
{
    /// <summary>Chunks at most, for each has sums.</summary>
    private const int MostChunks = 64;

    public LeakySoftmaxArguments Arguments;

    /// <summary>[T, H·dv], the forward pass's.</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>[T, H·dv].</summary>
    public float* OutputGradient;
    public nint OutputGradientStride;

    /// <summary>[T, H].</summary>
    public float* LogSums;
    public nint LogSumStride;

    public AttentionGradient Queries;
    public AttentionGradient Keys;
    public AttentionGradient Values;

    /// <summary>For each chunk <see cref="BiasValues"/>: the gradient of the position bias, then that of the time bias.</summary>
    public double* BiasSums;

    /// <summary>A piece for each worker, of <see cref="ScratchFloats"/>: a row of weights, one of gradients and one of buckets.</summary>
    public float* Scratch;

    public readonly int Chunks => Math.Min(MostChunks, Arguments.Sequences);

    public readonly long ScratchFloats => 3L * Arguments.RowFloats;

    /// <summary>Values of a chunk's sums.</summary>
    public readonly int BiasValues => PositionValues + TimeBuckets.Count;

    /// <summary>2N − 1.</summary>
    public readonly int PositionValues => (2 * Arguments.Normalizer) - 1;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scratch = Scratch + (worker * ScratchFloats);
        var sums = BiasSums + (chunk * (nint)BiasValues);
        new Span<double>(sums, BiasValues).Clear();
        for (var sequence = chunk; sequence < Arguments.Sequences; sequence += Chunks)
        {
            for (var head = 0; head < Arguments.Heads; head++)
            {
                Clear(Queries, sequence, head, Arguments.KeyWidth);
                Clear(Keys, sequence, head, Arguments.KeyWidth);
                Clear(Values, sequence, head, Arguments.ValueWidth);
                for (var row = 0; row < Arguments.Rows(sequence); row++)
                {
                    Row<TVector>(sequence, head, row, scratch, sums);
                }
            }
        }
    }

    /// <summary>Sums begin at 0 where nothing is added to.</summary>
    private readonly void Clear(in AttentionGradient gradient, int sequence, int head, int width)
    {
        for (var row = 0; gradient is { IsWanted: true, Accumulate: false } && row < Arguments.Rows(sequence); row++)
        {
            new Span<float>(gradient.At(Arguments.First(sequence) + row, head * width), width).Clear();
        }
    }

    /// <summary>dS = scale·A·(dA − δ), dA = 0 in columns that the mask hides though the sum counts them.</summary>
    private readonly void Row<TVector>(int sequence, int head, int row, float* scratch, double* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var a = Arguments;
        var (first, rows) = (a.First(sequence), a.Rows(sequence));
        var weights = scratch;
        var gradients = scratch + a.RowFloats;
        var buckets = (int*)(scratch + (2 * a.RowFloats));
        var output = Output + ((first + row) * OutputStride) + (head * a.ValueWidth);
        var dOutput = OutputGradient + ((first + row) * OutputGradientStride) + (head * a.ValueWidth);
        a.Scores<TVector>(sequence, head, row, weights, buckets);
        a.Exponentials<TVector>(weights, LogSums[((first + row) * LogSumStride) + head]);
        var delta = RowSums.Product<TVector>(output, dOutput, a.ValueWidth);
        for (var column = 0; column < a.Normalizer; column++)
        {
            var ofWeight = column <= row ? RowSums.Product<TVector>(dOutput, a.Value(first + column, head), a.ValueWidth) : 0;
            gradients[column] = a.Scale * weights[column] * (ofWeight - delta);
        }

        for (var column = 0; Values.IsWanted && column <= row; column++)
        {
            LeakySoftmaxArguments.Add<TVector>(weights[column], dOutput, Values.At(first + column, head * a.ValueWidth), a.ValueWidth);
        }

        for (var column = 0; Queries.IsWanted && column < rows; column++)
        {
            LeakySoftmaxArguments.Add<TVector>(gradients[column], a.Key(first + column, head), Queries.At(first + row, head * a.KeyWidth), a.KeyWidth);
        }

        for (var column = 0; Keys.IsWanted && column < rows; column++)
        {
            LeakySoftmaxArguments.Add<TVector>(gradients[column], a.Query(first + row, head), Keys.At(first + column, head * a.KeyWidth), a.KeyWidth);
        }

        var position = sums + (a.Normalizer - 1 - row);
        for (var column = 0; column < a.Normalizer; column++)
        {
            position[column] += gradients[column];
        }

        var time = sums + PositionValues;
        for (var column = 0; a.TimeBias != null && column < a.Normalizer; column++)
        {
            time[buckets[column]] += gradients[column];
        }
    }
}
