using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Random draws on the device, a pure function of seed, forward count and site.</summary>
public abstract class SamplingOperations(Device device)
{
    /// <summary>
    /// output_n = candidates[(word_n·C) &gt;&gt; 32], uniform with replacement over the C candidates. word_n: with g = n / 64, w = n % 64 / 16, l = n % 16,
    /// word w of the Philox4x32-10 block of key seed and counter (g·16 + l [64 bits], forward count, site).
    /// </summary>
    public void UniformCandidates(IndexTensor candidates, ulong seed, uint forwardCount, uint site, IndexTensor output)
    {
        Check.Arrays("sample candidates", device, candidates, output);
        Check.That(candidates.Length > 0, "sample candidates", "there are no candidates to draw from");
        UniformCandidatesCore(candidates, seed, forwardCount, site, output);
    }

    protected abstract void UniformCandidatesCore(IndexTensor candidates, ulong seed, uint forwardCount, uint site, IndexTensor output);
}
