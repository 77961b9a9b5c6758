using LargeRec.Engine.Cpu.Reduction;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Normalization;

/// <content>Normalisation of either kind with learned factors and shifts.</content>
internal sealed unsafe partial class CpuNormalizationOperations
{
    protected override void NormalizeCore(NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor? bias, Tensor y)
    {
        var stride = PartialRows.Stride(x.Columns);
        using var scratch = _device.Scratch.Rent(2L * stride);
        RowJob<NormalizeKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(
                kind, CpuDevice.Pointer(x), x.RowStride, epsilon, groups, AColumn(weight, x.Columns, scratch.Pointer),
                AColumn(bias, x.Columns, scratch.Pointer + stride),
                CpuDevice.Pointer(y), y.RowStride));
    }

    protected override void NormalizeBackwardCore(
        NormKind kind, Tensor x, float epsilon, int groups, Tensor? weight, Tensor dy, GradientTarget dx, GradientTarget dWeight, GradientTarget dBias)
    {
        // A row behind those of the chunks and workers for the weight, and a register behind each of a group's rows.
        var job = new NormalizeBackwardJob
        {
            Kind = kind,
            Rows = x.Rows,
            Columns = x.Columns,
            Groups = groups,
            Epsilon = epsilon,
            X = CpuDevice.Pointer(x),
            StrideX = x.RowStride,
            Dy = CpuDevice.Pointer(dy),
            StrideDy = dy.RowStride,
            Dx = CpuDevice.PointerOrNull(dx.Tensor),
            StrideDx = dx.Tensor?.RowStride ?? 0,
            Accumulate = dx.Accumulate,
            Stride = PartialRows.Stride(x.Columns) + 16,
        };
        var chunks = job.Chunks;
        using var scratch = _device.Scratch.Rent(job.Stride * (((long)2 * chunks) + _device.Threads + 1));
        job.Weight = AColumn(weight, x.Columns, scratch.Pointer + (job.Stride * (((long)2 * chunks) + _device.Threads)));
        job.WeightSums = dWeight.IsWanted ? scratch.Pointer : null;
        job.BiasSums = dBias.IsWanted ? scratch.Pointer + (job.Stride * chunks) : null;
        job.Scratch = scratch.Pointer + (job.Stride * 2 * chunks);
        _device.Workers.Run(chunks, ref job);
        Add(scratch.Pointer, job, x.Columns, dWeight);
        Add(scratch.Pointer + (job.Stride * chunks), job, x.Columns, dBias);
    }

    /// <summary>The chunks' sums into a gradient with a value a column, or a value a group.</summary>
    private static void Add(float* sums, in NormalizeBackwardJob job, int columns, GradientTarget target)
    {
        if (target.Tensor is not { } tensor)
        {
            return;
        }

        if (tensor.Columns < columns)
        {
            for (var chunk = 0; chunk < job.Chunks; chunk++)
            {
                var row = sums + (chunk * job.Stride);
                var width = columns / tensor.Columns;
                for (var group = 0; group < tensor.Columns; group++)
                {
                    var sum = 0f;
                    for (var column = 0; column < width; column++)
                    {
                        sum += row[(group * width) + column];
                    }

                    row[group] = sum;
                }
            }
        }

        PartialRows.Add(sums, job.Stride, job.Chunks, target);
    }

    /// <summary>A parameter as a value a column.</summary>
    private static float* AColumn(Tensor? parameter, int columns, float* scratch)
    {
        if (parameter is null || parameter.Columns == columns)
        {
            return CpuDevice.PointerOrNull(parameter);
        }

        var values = CpuDevice.Pointer(parameter);
        var width = columns / parameter.Columns;
        for (var column = 0; column < columns; column++)
        {
            scratch[column] = values[column / width];
        }

        return scratch;
    }
}
