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

    protected override void NormalizeCore(NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor? bias, Tensor y) =>
        Rows("normalization.normalize.plain", kind, x, epsilon, groups).Matrix(y).Array(weight ?? x).Array(bias ?? x)
            .Int32(weight is null ? 0 : 1).Int32(bias is null ? 0 : 1).Int32(IsByGroup(weight ?? bias, x) ? 1 : 0).Groups((long)x.Rows * groups);

    protected override void NormalizeBackwardCore(
        NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor dy, GradientTarget dx, GradientTarget dWeight, GradientTarget dBias)
    {
        if (dWeight.IsWanted)
        {
            var products = device.AllocateScratch(x.Shape);
            Rows("normalization.normalize-products.plain", kind, x, epsilon, groups).Matrix(dy).Matrix(products).Groups((long)x.Rows * groups);
            SumRows(products, dWeight);
            device.Release(products);
        }

        if (dBias.IsWanted)
        {
            SumRows(dy, dBias);
        }

        // Last: dx may be dy.
        if (dx.IsWanted)
        {
            Rows("normalization.normalize-backward.plain", kind, x, epsilon, groups).Matrix(dy).Matrix(dx.Tensor!).Array(weight ?? x)
                .Int32(weight is null ? 0 : 1).Int32(IsByGroup(weight, x) ? 1 : 0).Int32(dx.Accumulate ? 1 : 0).Groups((long)x.Rows * groups);
        }
    }

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

    /// <summary>Whether there is a value a group of columns instead of one a column.</summary>
    private static bool IsByGroup(Tensor? weight, Tensor x) => weight is not null && weight.Columns != x.Columns;

    /// <summary>A launch with a group of threads a row and group of columns.</summary>
    private KernelLaunch Rows(string kernel, NormKind kind, Tensor x, float epsilon, int groups) => device.Kernel(kernel)
        .Matrix(x).Int32(x.Columns / groups).Int32(groups).Int32(kind == NormKind.Rms ? 1 : 0).Single(epsilon);

    /// <summary>The sums of the columns, or of groups of columns.</summary>
    private void SumRows(Tensor x, GradientTarget target)
    {
        if (target.Tensor!.Columns == x.Columns)
        {
            device.Reduction.SumRows(x, target);
            return;
        }

        var sums = device.AllocateScratch(Shape.Vector(x.Columns));
        device.Reduction.SumRows(x, new GradientTarget(sums, Accumulate: false));
        device.Kernel("normalization.sum-groups.plain").Array(sums).Array(target.Tensor).Int32(target.Tensor.Columns)
            .Int32(x.Columns / target.Tensor.Columns).Int32(target.Accumulate ? 1 : 0).Elements(target.Tensor.Columns);
        device.Release(sums);
    }
}
