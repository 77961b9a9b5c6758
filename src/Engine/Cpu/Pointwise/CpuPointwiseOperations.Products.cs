using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <content>Products of two tensors, and sums through dropout.</content>
internal sealed unsafe partial class CpuPointwiseOperations
{
    protected override void GateCore<TFunction>(Tensor a, Tensor b, Tensor y)
    {
        var split = RowSplit.OfValues(a, b, y);
        RowJob<GateKernel<TFunction>>.Run(
            _device.Workers,
            split,
            new(CpuDevice.Pointer(a), split.StrideOf(a), CpuDevice.Pointer(b), split.StrideOf(b), CpuDevice.Pointer(y), split.StrideOf(y)));
    }

    protected override void GateBackwardCore<TFunction>(Tensor a, Tensor b, Tensor dy, GradientTarget da, GradientTarget db)
    {
        var (ofA, ofB) = (da.Tensor ?? dy, db.Tensor ?? dy);
        var split = RowSplit.OfValues(a, b, dy, ofA, ofB);
        RowJob<GateBackwardKernel<TFunction>>.Run(
            _device.Workers,
            split,
            new(
                CpuDevice.Pointer(a), split.StrideOf(a), CpuDevice.Pointer(b), split.StrideOf(b), CpuDevice.Pointer(dy), split.StrideOf(dy),
                CpuDevice.PointerOrNull(da.Tensor), split.StrideOf(ofA), da.Accumulate, CpuDevice.PointerOrNull(db.Tensor), split.StrideOf(ofB),
                db.Accumulate));
    }

    protected override void DropoutAddCore(Tensor x, DropoutSite site, Tensor residual, Tensor y)
    {
        using var scratch = _device.Scratch.Rent(DropoutRows.ScratchValues(site, x.Columns, _device.Threads));
        RowJob<DropoutAddKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                new(site, x.Columns, scratch.Pointer), CpuDevice.Pointer(x), x.RowStride, CpuDevice.Pointer(residual), residual.RowStride,
                CpuDevice.Pointer(y), y.RowStride));
    }
}
