using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Sampling;

internal sealed class CpuSamplingOperations(CpuDevice device) : SamplingOperations(device)
{
    protected override void UniformCandidatesCore(IndexTensor candidates, ulong seed, uint forwardCount, uint site, IndexTensor output) => throw new NotSupportedException();
}
