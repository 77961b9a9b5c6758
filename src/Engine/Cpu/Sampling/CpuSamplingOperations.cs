using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Sampling;

internal sealed unsafe class CpuSamplingOperations(CpuDevice device) : SamplingOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void UniformCandidatesCore(IndexTensor candidates, ulong seed, uint forwardCount, uint site, IndexTensor output)
    {
        var job = new UniformCandidatesJob(CpuDevice.Pointer(candidates), candidates.Length, seed, forwardCount, site, CpuDevice.Pointer(output),
            output.Length);
        _device.Workers.Run(UniformCandidatesJob.Chunks(output.Length), ref job);
    }
}
