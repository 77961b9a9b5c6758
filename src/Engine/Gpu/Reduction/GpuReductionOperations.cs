using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Memory;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Reduction;

/// <summary>Sums and checks on a GPU, stretches first, then the stretches in order.</summary>
internal sealed class GpuReductionOperations(GpuDevice device) : ReductionOperations(device)
{
    private const int RowsPerChunk = 256;
    private const int WholeGroups = 64;

    private Tensor? _sums;
    private TensorPlaces? _latest;

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

        using var step = OpenStep();
        var flags = device.AllocateScratchIndices(WholeGroups * GroupSizes.Elements);
        device.Kernel("reduction.all-finite.plain").Matrix(x).Array(flags).Int32(x.Rows).Int32(x.Columns).Groups(WholeGroups);
        var values = device.HostBuffer(flags.Length);
        device.Download(flags, values);
        var found = values.Contains(1);
        device.Release(flags);
        return !found;
    }

    protected override double SumOfSquaresCore(ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.IsEmpty)
        {
            return 0;
        }

        // A row a tensor, all of them read at once: each read waits for the device.
        using var step = OpenStep();
        var sums = LaunchSquares(tensors, isAlone: step is not null);

        var values = MemoryMarshal.Cast<int, float>(device.HostBuffer(checked((int)sums.Shape.Count)));
        device.Download(sums, values);
        var total = 0.0;
        for (var i = 0; i < tensors.Length; i++)
        {
            var ofTensor = 0.0;
            foreach (var sum in values.Slice(i * sums.Columns, sums.Columns))
            {
                ofTensor += sum;
            }

            total += ofTensor;
        }

        if (!ReferenceEquals(sums, _sums))
        {
            device.Release(sums);
        }

        return total;
    }

    /// <summary>A launch a tensor; where the same ones come again and again, as the gradients of a training do, a recording of all launches.</summary>
    /// <param name="isAlone">No memory of a step is in use.</param>
    private Tensor LaunchSquares(ReadOnlySpan<Tensor> tensors, bool isAlone)
    {
        if (!isAlone || !device.Driver.CanRecord)
        {
            return Launch(device.AllocateScratch(SumsOf(tensors.Length)), tensors);
        }

        if (_latest is null || !_latest.AreThoseOf(tensors))
        {
            _latest = new TensorPlaces(tensors);
            return Launch(device.AllocateScratch(SumsOf(tensors.Length)), tensors);
        }

        if (_sums is null || _sums.Rows != tensors.Length)
        {
            if (_sums is not null)
            {
                device.Release(_sums);
            }

            _sums = device.AllocatePersistentUndefined(SumsOf(tensors.Length));
        }

        var copies = tensors.ToArray();
        device.Repeat(new StepKey(_latest), default, () => Launch(_sums, copies));
        return _sums;
    }

    private Tensor Launch(Tensor sums, ReadOnlySpan<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            var (x, row) = (tensors[i], sums.SliceRows(i, 1));
            device.Kernel("reduction.sum-of-squares.plain").Matrix(x).Array(row).Int32(x.Rows).Int32(x.Columns).Groups(WholeGroups);
        }

        return sums;
    }

    private static Shape SumsOf(int tensors) => Shape.Matrix(tensors, WholeGroups * GroupSizes.Elements);

    /// <summary>A step of its own where none is open: the pool's memory instead of the driver's, whose freeing waits for the device.</summary>
    private StepScope? OpenStep() => device.CurrentStep is null ? device.BeginStep() : null;
}
