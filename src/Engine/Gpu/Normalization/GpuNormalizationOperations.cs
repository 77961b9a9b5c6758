using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Normalization;

/// <summary>Normalisations on a GPU, a group a row.</summary>
internal sealed class GpuNormalizationOperations(GpuDevice device) : NormalizationOperations(device)
{
    protected override void LayerNormCore(Tensor x, float epsilon, Tensor y) =>
        device.Kernel("normalization.layer-norm.plain").Matrix(x).Matrix(y).Int32(x.Columns).Single(epsilon).Groups(x.Rows);

    protected override void LayerNormBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) =>
        device.Kernel("normalization.layer-norm-backward.plain")
        .Matrix(x).Matrix(dy).Matrix(dx.Tensor!).Int32(x.Columns).Single(epsilon).Int32(dx.Accumulate ? 1 : 0).Groups(x.Rows);

    protected override void L2NormalizeCore(Tensor x, float epsilon, Tensor y) =>
        device.Kernel("normalization.l2-normalize.plain").Matrix(x).Matrix(y).Int32(x.Columns).Single(epsilon).Groups(x.Rows);

    protected override void L2NormalizeBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) =>
        device.Kernel("normalization.l2-normalize-backward.plain")
        .Matrix(x).Matrix(dy).Matrix(dx.Tensor!).Int32(x.Columns).Single(epsilon).Int32(dx.Accumulate ? 1 : 0).Groups(x.Rows);

    protected override void GatedLayerNormCore(Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor y) =>
        device.Kernel("normalization.gated-layer-norm.plain")
            .Matrix(gate).Matrix(x).Matrix(y).Int32(x.Columns).Single(epsilon).Int32(concatenate ? 1 : 0).Dropout(dropout).Groups(x.Rows);

    protected override void GatedLayerNormBackwardCore(
        Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor dy, GradientTarget dGate, GradientTarget dx) =>
        device.Kernel("normalization.gated-layer-norm-backward.plain")
            .Matrix(gate).Matrix(x).Matrix(dy).MatrixOr(dGate.Tensor, x).MatrixOr(dx.Tensor, x)
            .Int32(x.Columns).Single(epsilon).Int32(concatenate ? 1 : 0)
            .Int32(dGate.IsWanted ? 1 : 0).Int32(dGate.Accumulate ? 1 : 0).Int32(dx.IsWanted ? 1 : 0).Int32(dx.Accumulate ? 1 : 0)
            .Dropout(dropout).Groups(x.Rows);
}
