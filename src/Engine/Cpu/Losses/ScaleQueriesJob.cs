using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>q/τ of every token, padded with zeros to whole registers.</summary>
internal readonly unsafe struct ScaleQueriesJob(SampledSoftmaxInputs inputs, float* scaled, int stride) : IChunkJob
{
    private const int TokensPerChunk = 256;

    public int Chunks => (inputs.TokenCount + TokensPerChunk - 1) / TokensPerChunk;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var end = Math.Min(inputs.TokenCount, (chunk + 1) * TokensPerChunk);
        for (var token = chunk * TokensPerChunk; token < end; token++)
        {
            SampledSoftmaxToken.ScaleQuery<TVector>(inputs, token, scaled + ((nint)token * stride));
        }
    }
}
