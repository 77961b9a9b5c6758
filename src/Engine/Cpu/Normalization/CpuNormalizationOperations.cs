using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Normalization;

internal sealed class CpuNormalizationOperations(CpuDevice device) : NormalizationOperations(device)
{
    protected override void LayerNormCore(Tensor x, float epsilon, Tensor y) => throw new NotSupportedException();
    protected override void LayerNormBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) => throw new NotSupportedException();
    protected override void L2NormalizeCore(Tensor x, float epsilon, Tensor y) => throw new NotSupportedException();
    protected override void L2NormalizeBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) => throw new NotSupportedException();
    protected override void GatedLayerNormCore(Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor y) => throw new NotSupportedException();
    protected override void GatedLayerNormBackwardCore( Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor dy, GradientTarget dGate, GradientTarget dx) => throw new NotSupportedException();
}
