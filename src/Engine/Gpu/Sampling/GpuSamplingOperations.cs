using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Sampling;

/// <summary>Random draws on a GPU, the same as on the CPU.</summary>
internal sealed class GpuSamplingOperations(GpuDevice device) : SamplingOperations(device)
{
    protected override void UniformCandidatesCore(IndexTensor candidates, ulong seed, uint forwardCount, uint site, IndexTensor output)
    {
        (output.Range, output.KnownValues) = (candidates.Range, null);
        device.StepNumbers.SetForwardCount(forwardCount);
        var numbers = device.StepNumbers.Array;
        device.Kernel("sampling.uniform-candidates.plain")
            .Array(candidates).Int32(candidates.Length).Array(output).Int32(output.Length)
            .Array(numbers).UInt32((uint)seed).UInt32((uint)(seed >> 32)).UInt32(site).Elements(output.Length);
    }
}
