using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Pointwise;

/// <summary>Value by value on a GPU.</summary>
internal sealed class GpuPointwiseOperations(GpuDevice device) : PointwiseOperations(device)
{
    protected override void ForwardCore<TFunction>(Tensor x, Tensor y) =>
        device.Kernel<TFunction>("pointwise.forward").Matrix(x).Matrix(y).Int32(x.Rows).Int32(x.Columns).Elements(x.Shape.Count);

    protected override void BackwardCore<TFunction>(Tensor x, Tensor dy, GradientTarget dx) => device.Kernel<TFunction>("pointwise.backward")
        .Matrix(x).Matrix(dy).Matrix(dx.Tensor!).Int32(x.Rows).Int32(x.Columns).Int32(dx.Accumulate ? 1 : 0).Elements(x.Shape.Count);

    protected override void FillCore(Tensor tensor, float value) =>
        device.Kernel("pointwise.fill.plain").Matrix(tensor).Int32(tensor.Rows).Int32(tensor.Columns).Single(value).Elements(tensor.Shape.Count);

    protected override void CopyCore(Tensor source, Tensor destination) =>
        device.Kernel("pointwise.copy.plain").Matrix(source).Matrix(destination).Int32(source.Rows).Int32(source.Columns).Elements(source.Shape.Count);

    protected override void AddCore(Tensor source, Tensor destination, float factor) => device.Kernel("pointwise.add.plain")
        .Matrix(source).Matrix(destination).Int32(source.Rows).Int32(source.Columns).Single(factor).Elements(source.Shape.Count);

    protected override void DropoutCore(Tensor x, DropoutSite site, Tensor y) => device.Kernel("pointwise.dropout.plain")
        .Matrix(x).Matrix(y).Int32(x.Rows).Int32(x.Columns).Dropout(site).Elements(x.Shape.Count);

    protected override void DropoutAddCore(Tensor x, DropoutSite site, Tensor residual, Tensor y) => device.Kernel("pointwise.dropout-add.plain")
        .Matrix(x).Matrix(residual).Matrix(y).Int32(x.Rows).Int32(x.Columns).Dropout(site).Elements(x.Shape.Count);

    protected override void GateCore<TFunction>(Tensor a, Tensor b, Tensor y) =>
        device.Kernel<TFunction>("pointwise.gate").Matrix(a).Matrix(b).Matrix(y).Int32(a.Rows).Int32(a.Columns).Elements(a.Shape.Count);

    protected override void GateBackwardCore<TFunction>(Tensor a, Tensor b, Tensor dy, GradientTarget da, GradientTarget db) =>
        device.Kernel<TFunction>("pointwise.gate-backward").Matrix(a).Matrix(b).Matrix(dy).MatrixOr(da.Tensor, a).MatrixOr(db.Tensor, a)
            .Int32(a.Rows).Int32(a.Columns).Int32(da.IsWanted ? 1 : 0).Int32(da.Accumulate ? 1 : 0).Int32(db.IsWanted ? 1 : 0).Int32(db.Accumulate ? 1 : 0)
            .Elements(a.Shape.Count);
}
