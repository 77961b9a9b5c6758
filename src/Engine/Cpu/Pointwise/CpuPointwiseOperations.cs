using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Pointwise;

internal sealed unsafe partial class CpuPointwiseOperations(CpuDevice device) : PointwiseOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void ForwardCore<TFunction>(Tensor x, Tensor y)
    {
        var split = RowSplit.OfValues(x, y);
        RowJob<ForwardKernel<TFunction>>.Run(
            _device.Workers, split, new(CpuDevice.Pointer(x), split.StrideOf(x), CpuDevice.Pointer(y), split.StrideOf(y)));
    }

    protected override void BackwardCore<TFunction>(Tensor x, Tensor dy, GradientTarget dx)
    {
        var gradient = dx.Tensor!;
        var split = RowSplit.OfValues(x, dy, gradient);
        RowJob<BackwardKernel<TFunction>>.Run(
            _device.Workers,
            split,
            new(
                CpuDevice.Pointer(x), split.StrideOf(x), CpuDevice.Pointer(dy), split.StrideOf(dy), CpuDevice.Pointer(gradient), split.StrideOf(gradient),
                dx.Accumulate));
    }

    protected override void FillCore(Tensor tensor, float value)
    {
        var split = RowSplit.OfValues(tensor);
        RowJob<FillKernel>.Run(_device.Workers, split, new(CpuDevice.Pointer(tensor), split.StrideOf(tensor), value));
    }

    protected override void CopyCore(Tensor source, Tensor destination)
    {
        var split = RowSplit.OfValues(source, destination);
        RowJob<CopyKernel>.Run(
            _device.Workers,
            split,
            new(CpuDevice.Pointer(source), split.StrideOf(source), CpuDevice.Pointer(destination), split.StrideOf(destination)));
    }

    protected override void AddCore(Tensor source, Tensor destination, float factor)
    {
        var split = RowSplit.OfValues(source, destination);
        RowJob<AddKernel>.Run(
            _device.Workers,
            split,
            new(CpuDevice.Pointer(source), split.StrideOf(source), CpuDevice.Pointer(destination), split.StrideOf(destination), factor));
    }

    protected override void DropoutCore(Tensor x, DropoutSite site, Tensor y)
    {
        if (!site.IsActive)
        {
            CopyCore(x, y);
            return;
        }

        using var scratch = _device.Scratch.Rent(DropoutRows.ScratchValues(site, x.Columns, _device.Threads));
        RowJob<DropoutKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(new(site, x.Columns, scratch.Pointer), CpuDevice.Pointer(x), x.RowStride, CpuDevice.Pointer(y), y.RowStride));
    }
}
