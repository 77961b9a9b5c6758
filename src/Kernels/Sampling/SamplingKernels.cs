using ILGPU;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Sampling;

/// <summary>Random draws by counters.</summary>
internal static class SamplingKernels
{
    private const int ForwardCount = 0;

    /// <summary>output_n = candidates[(word_n·C) >> 32].</summary>
    [Kernel("sampling", "uniform-candidates")]
    public static void UniformCandidates(
        ArrayView<int> candidates, int candidatesOffset, int candidateCount,
        ArrayView<int> output, int outputOffset, int count,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site)
    {
        var forwardCount = (uint)numbers[numbersOffset + ForwardCount];
        for (var n = Grid.GlobalIndex.X; n < count; n += Grid.DimX * Group.DimX)
        {
            var word = Words.Of(0, n, count, seedLow, seedHigh, forwardCount, site);
            output[outputOffset + n] = candidates[candidatesOffset + (int)(((ulong)word * (uint)candidateCount) >> 32)];
        }
    }
}
