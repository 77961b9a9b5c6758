using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Reduction;

internal sealed class CpuReductionOperations(CpuDevice device) : ReductionOperations(device)
{
    protected override void SumRowsCore(Tensor x, GradientTarget output) => throw new NotSupportedException();
    protected override bool AllFiniteCore(Tensor x) => throw new NotSupportedException();
}
