using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Reduction;

/// <summary>Sums and checks on a GPU, stretches first, then the stretches in order.</summary>
internal sealed class GpuReductionOperations(GpuDevice device) : ReductionOperations(device)
{
    private const int RowsPerChunk = 256;
    private const int WholeGroups = 64;

    protected override void SumRowsCore(Tensor x, GradientTarget output)
    {
        var chunks = Math.Max(1, (x.Rows + RowsPerChunk - 1) / RowsPerChunk);
        var partials = device.AllocateScratch(Shape.Matrix(chunks, x.Columns));
        device.Kernel("reduction.sum-rows-partial.plain")
            .Matrix(x).Matrix(partials).Int32(x.Rows).Int32(x.Columns).Int32(chunks).Int32(RowsPerChunk).Elements(partials.Shape.Count);
        device.Kernel("reduction.sum-partials.plain")
            .Matrix(partials).Array(output.Tensor!).Int32(chunks).Int32(x.Columns).Int32(output.Accumulate ? 1 : 0).Elements(x.Columns);
        device.Release(partials);
    }

    protected override bool AllFiniteCore(Tensor x)
    {
        if (x.Shape.Count == 0)
        {
            return true;
        }

        var flags = device.AllocateScratchIndices(WholeGroups * GroupSizes.Elements);
        device.Kernel("reduction.all-finite.plain").Matrix(x).Array(flags).Int32(x.Rows).Int32(x.Columns).Groups(WholeGroups);
        var values = device.HostBuffer(flags.Length);
        device.Download(flags, values);
        var found = values.Contains(1);
        device.Release(flags);
        return !found;
    }

    protected override double SumOfSquaresCore(Tensor x)
    {
        if (x.Shape.Count == 0)
        {
            return 0;
        }

        var sums = device.AllocateScratch(Shape.Matrix(1, WholeGroups * GroupSizes.Elements));
        device.Kernel("reduction.sum-of-squares.plain").Matrix(x).Array(sums).Int32(x.Rows).Int32(x.Columns).Groups(WholeGroups);
        var total = 0.0;
        var values = MemoryMarshal.Cast<int, float>(device.HostBuffer(sums.Columns));
        device.Download(sums, values);
        foreach (var sum in values)
        {
            total += sum;
        }

        device.Release(sums);
        return total;
    }
}
