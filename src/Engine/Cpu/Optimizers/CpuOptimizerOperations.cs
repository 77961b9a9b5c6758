using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Optimizers;

internal sealed class CpuOptimizerOperations(CpuDevice device) : OptimizerOperations(device)
{
    protected override void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options) => throw new NotSupportedException();
}
