using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>The queries' gradient: the groups' parts added in their order, over τ.</summary>
internal readonly unsafe struct AddPartialsJob(SampledSoftmaxInputs inputs, float* partials, int stride, int groups, float* gradient, nint gradientStride)
    : IChunkJob
{
    private const int TokensPerChunk = 256;

    public int Chunks => (inputs.TokenCount + TokensPerChunk - 1) / TokensPerChunk;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var end = Math.Min(inputs.TokenCount, (chunk + 1) * TokensPerChunk);
        var perGroup = (nint)inputs.TokenCount * stride;
        var factor = TVector.Broadcast(inputs.InverseTemperature);
        for (nint token = chunk * TokensPerChunk; token < end; token++)
        {
            var target = gradient + (token * gradientStride);
            for (nint d = 0; d < inputs.Columns; d += TVector.Width)
            {
                var source = partials + (token * stride) + d;
                var sum = TVector.Load(source);
                for (var group = 1; group < groups; group++)
                {
                    sum += TVector.Load(source + (group * perGroup));
                }

                var left = (int)(inputs.Columns - d);
                if (left >= TVector.Width)
                {
                    TVector.Store(sum * factor, target + d);
                }
                else
                {
                    TVector.StoreMasked(sum * factor, target + d, TVector.Mask(left));
                }
            }
        }
    }
}
