using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>Turns every token's logits into the coefficients of its gradients, and sums the losses.</summary>
internal readonly unsafe struct TokenSoftmaxJob(SampledSoftmaxInputs inputs, float* coefficients, float* scratch, long scratchFloats, float* results)
    : IChunkJob
{
    private const int TokensPerChunk = 64;

    public ChunkResults Results { get; } = new(results, Chunks(inputs.TokenCount));

    public static int Chunks(int tokens) => (tokens + TokensPerChunk - 1) / TokensPerChunk;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var own = new SampledSoftmaxScratch(scratch + (worker * scratchFloats), inputs.Columns, inputs.NegativesPerToken);
        var end = Math.Min(inputs.TokenCount, (chunk + 1) * TokensPerChunk);
        var sum = 0.0;
        for (var token = chunk * TokensPerChunk; token < end; token++)
        {
            if (inputs.Labels[token] != 0)
            {
                _ = SampledSoftmaxToken.FetchIds(inputs, token, own, out var ids, out var collides);
                sum += TokenLogits.ToCoefficients<TVector>(inputs, token, ids, collides, own, coefficients + (token * (inputs.NegativesPerToken + 1L)));
            }
        }

        Results.Set(chunk, sum);
    }
}
