using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>The sampled softmax over blocks of tokens: the loss, the queries' gradient and, where asked for, the coefficients of the items' gradient for every
/// token.</summary>
internal static unsafe class SampledSoftmaxLoss
{
    private const int TokensPerChunk = 64;

    /// <summary>Returns the sum of the tokens' losses, unweighted.</summary>
    /// <param name="coefficients">[T, R+1], zeros for a token without a label; null without gradients.</param>
    public static double Run(CpuDevice device, in SampledSoftmaxInputs inputs, float* queryGradient, nint queryGradientStride, float* coefficients)
    {
        var chunks = (inputs.TokenCount + TokensPerChunk - 1) / TokensPerChunk;
        var scratchFloats = SampledSoftmaxScratch.Floats(inputs.Columns, inputs.NegativesPerToken);
        using var scratch = device.Scratch.Rent(scratchFloats * device.Threads);
        using var partials = device.Scratch.Rent(ChunkResults.Floats(chunks));
        var job = new Job
        {
            Inputs = inputs,
            QueryGradient = queryGradient,
            QueryGradientStride = queryGradientStride,
            Coefficients = coefficients,
            Scratch = scratch.Pointer,
            ScratchFloats = scratchFloats,
            Results = new ChunkResults(partials.Pointer, chunks),
        };
        device.Workers.Run(chunks, ref job);
        return job.Results.Sum(inputs);
    }

    private struct Job : IChunkJob
    {
        public SampledSoftmaxInputs Inputs;
        public float* QueryGradient;
        public nint QueryGradientStride;
        public float* Coefficients;
        public float* Scratch;
        public long ScratchFloats;
        public ChunkResults Results;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var scratch = new SampledSoftmaxScratch(Scratch + (worker * ScratchFloats), Inputs.Columns, Inputs.NegativesPerToken);
            var end = Math.Min(Inputs.TokenCount, (chunk + 1) * TokensPerChunk);
            var sum = 0.0;
            for (var token = chunk * TokensPerChunk; token < end; token++)
            {
                var outside = SampledSoftmaxToken.FetchIds(Inputs, token, scratch, out var ids, out var collides);
                if (outside != Inputs.NegativesPerToken)
                {
                    Results.Fail(chunk, token, outside);
                    return;
                }

                var coefficients = Coefficients is null ? null : Coefficients + (token * (Inputs.NegativesPerToken + 1L));
                var gradient = QueryGradient is null ? null : QueryGradient + (token * QueryGradientStride);
                if (Inputs.Labels[token] != 0)
                {
                    sum += SampledSoftmaxToken.Run<TVector>(Inputs, token, ids, collides, scratch, coefficients, gradient);
                }
                else if (gradient is not null)
                {
                    new Span<float>(gradient, Inputs.Columns).Clear();
                    new Span<float>(coefficients, Inputs.NegativesPerToken + 1).Clear();
                }
            }

            Results.Set(chunk, sum);
        }
    }
}
