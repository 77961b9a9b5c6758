using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Normalization;

internal sealed unsafe partial class CpuNormalizationOperations(CpuDevice device) : NormalizationOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void LayerNormCore(Tensor x, float epsilon, Tensor y) =>
        RowJob<LayerNormKernel>.Run(
            _device.Workers, RowSplit.OfRows(x.Rows, x.Columns), new(CpuDevice.Pointer(x), x.RowStride, epsilon, CpuDevice.Pointer(y), y.RowStride));

    protected override void LayerNormBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) =>
        RowJob<LayerNormBackwardKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                CpuDevice.Pointer(x), x.RowStride, epsilon, CpuDevice.Pointer(dy), dy.RowStride, CpuDevice.Pointer(dx.Tensor!), dx.Tensor!.RowStride,
                dx.Accumulate));

    protected override void L2NormalizeCore(Tensor x, float epsilon, Tensor y) =>
        RowJob<L2NormalizeKernel>.Run(
            _device.Workers, RowSplit.OfRows(x.Rows, x.Columns), new(CpuDevice.Pointer(x), x.RowStride, epsilon, CpuDevice.Pointer(y), y.RowStride));

    protected override void L2NormalizeBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx) =>
        RowJob<L2NormalizeBackwardKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                CpuDevice.Pointer(x), x.RowStride, epsilon, CpuDevice.Pointer(dy), dy.RowStride, CpuDevice.Pointer(dx.Tensor!), dx.Tensor!.RowStride,
                dx.Accumulate));

    protected override void L2ScalesCore(Tensor x, float epsilon, Tensor scales) =>
        RowJob<L2ScalesKernel>.Run(_device.Workers, RowSplit.OfRows(x.Rows, x.Columns),
            new(CpuDevice.Pointer(x), x.RowStride, epsilon, CpuDevice.Pointer(scales)));

    protected override void L2NormalizeRowsCore(Tensor table, IndexTensor rows, float epsilon, Tensor y) =>
        RowJob<L2NormalizeKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(y.Rows, y.Columns),
            new(CpuDevice.Pointer(table), table.RowStride, epsilon, CpuDevice.Pointer(y), y.RowStride, RowsOf(rows, table)));

    protected override void L2NormalizeRowsBackwardCore(Tensor table, IndexTensor rows, float epsilon, Tensor dy, GradientTarget dx) =>
        RowJob<L2NormalizeBackwardKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(dy.Rows, dy.Columns),
            new(
                CpuDevice.Pointer(table), table.RowStride, epsilon, CpuDevice.Pointer(dy), dy.RowStride, CpuDevice.Pointer(dx.Tensor!), dx.Tensor!.RowStride,
                dx.Accumulate,
                RowsOf(rows, table)));

    protected override void GatedLayerNormCore(Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor y)
    {
        using var scratch = _device.Scratch.Rent(DropoutRows.ScratchValues(dropout, y.Columns, _device.Threads));
        RowJob<GatedLayerNormKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                CpuDevice.Pointer(gate), gate.RowStride, CpuDevice.Pointer(x), x.RowStride, epsilon, concatenate,
                new(dropout, y.Columns, scratch.Pointer), CpuDevice.Pointer(y), y.RowStride));
    }

    protected override void GatedLayerNormBackwardCore(
        Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor dy, GradientTarget dGate, GradientTarget dx)
    {
        // A row of da for each worker, up to a whole register, a cache line apart from the next worker's.
        var rowValues = ((x.Columns + 15) / 16 * 16) + 16;
        var wordValues = DropoutRows.ScratchValues(dropout, dy.Columns, _device.Threads);
        using var scratch = _device.Scratch.Rent(wordValues + ((long)rowValues * _device.Threads));
        RowJob<GatedLayerNormBackwardKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                CpuDevice.Pointer(gate), gate.RowStride, CpuDevice.Pointer(x), x.RowStride, epsilon, concatenate,
                new(dropout, dy.Columns, scratch.Pointer), CpuDevice.Pointer(dy), dy.RowStride,
                CpuDevice.PointerOrNull(dGate.Tensor), dGate.Tensor?.RowStride ?? 0, dGate.Accumulate,
                CpuDevice.PointerOrNull(dx.Tensor), dx.Tensor?.RowStride ?? 0, dx.Accumulate,
                scratch.Pointer + wordValues, rowValues));
    }

    private static NamedRows RowsOf(IndexTensor rows, Tensor table)
    {
        TableIds.ThrowIfOutside("l2 normalise rows", new ReadOnlySpan<int>(CpuDevice.Pointer(rows), rows.Length), table.Rows, "row");
        return new NamedRows(CpuDevice.Pointer(rows), rows.Length);
    }
}
