using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Optimizers;

internal sealed unsafe class CpuOptimizerOperations(CpuDevice device) : OptimizerOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        var split = RowSplit.OfValues(parameter, gradient, firstMoment, secondMoment);
        RowJob<AdamWKernel>.Run(
            _device.Workers,
            split,
            new(
                CpuDevice.Pointer(parameter), split.StrideOf(parameter), CpuDevice.Pointer(gradient), split.StrideOf(gradient),
                CpuDevice.Pointer(firstMoment), split.StrideOf(firstMoment), CpuDevice.Pointer(secondMoment), split.StrideOf(secondMoment),
                AdamWFactors.Of(options)));
    }

    protected override void AdamWRowsCore(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        var split = RowSplit.OfRows(parameter.Rows, parameter.Columns);
        var values = gradient.Values;
        var job = new AdamWRowsJob(
            split, parameter.Columns, CpuDevice.Pointer(parameter), parameter.RowStride, CpuDevice.Pointer(firstMoment), firstMoment.RowStride,
            CpuDevice.Pointer(secondMoment), secondMoment.RowStride, CpuDevice.Pointer(values), values.RowStride, CpuDevice.Pointer(gradient.Rows),
            gradient.Count,
            AdamWFactors.Of(options));
        _device.Workers.Run(split.Chunks, ref job);
    }

    protected override void LazyAdamWCore(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        var values = gradient.Values;
        RowJob<AdamWKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(values.Rows, values.Columns),
            new(
                CpuDevice.Pointer(parameter), parameter.RowStride, CpuDevice.Pointer(values), values.RowStride, CpuDevice.Pointer(firstMoment),
                firstMoment.RowStride,
                CpuDevice.Pointer(secondMoment), secondMoment.RowStride, AdamWFactors.Of(options),
                new NamedRows(CpuDevice.Pointer(gradient.Rows), gradient.Count)));
    }

    protected override void RowwiseAdamWCore(Tensor parameter, Tensor gradient, IndexTensor? rows, Tensor firstMoment, Tensor secondMoment,
        in AdamWStep options) =>
        RowJob<RowwiseAdamWKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(gradient.Rows, gradient.Columns),
            new(
                CpuDevice.Pointer(parameter), parameter.RowStride, CpuDevice.Pointer(gradient), gradient.RowStride, CpuDevice.Pointer(firstMoment),
                firstMoment.RowStride,
                CpuDevice.Pointer(secondMoment), AdamWFactors.Of(options), rows is null ? default : new NamedRows(CpuDevice.Pointer(rows), rows.Length)));
}
