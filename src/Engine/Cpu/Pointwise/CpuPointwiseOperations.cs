using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Pointwise;

internal sealed class CpuPointwiseOperations(CpuDevice device) : PointwiseOperations(device)
{
    protected override void ForwardCore<TFunction>(Tensor x, Tensor y) => throw new NotSupportedException();
    protected override void BackwardCore<TFunction>(Tensor x, Tensor dy, GradientTarget dx) => throw new NotSupportedException();
    protected override void FillCore(Tensor tensor, float value) => throw new NotSupportedException();
    protected override void CopyCore(Tensor source, Tensor destination) => throw new NotSupportedException();
    protected override void AddCore(Tensor source, Tensor destination, float factor) => throw new NotSupportedException();
    protected override void DropoutCore(Tensor x, DropoutSite site, Tensor y) => throw new NotSupportedException();
}
