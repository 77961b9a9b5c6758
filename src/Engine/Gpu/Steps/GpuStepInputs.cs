using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.Attention;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Steps;

/// <summary>
/// A step's inputs on their way to a GPU: all arrays, the layout's two among them, cross the bus as one copy into a landing place, beside the kernels' queue.
/// When the step begins they go from there to the step's own memory, in the order of the kernels' queue: so that a step finds its inputs at the same
/// addresses as ever, whatever was sent ahead.
/// </summary>
internal sealed class GpuStepInputs(GpuDevice device) : StepInputs(device)
{
    private readonly List<ArrivedPart> _parts = [];
    private IndexTensor? _landing;
    private int _layoutArrays;

    private protected override void SendCore(JaggedLayout layout)
    {
        _layoutArrays = Count;
        GpuLayout.FillRows(layout, Append(GpuLayout.RowValues(layout)));
        layout.Offsets.CopyTo(Append(layout.Offsets.Length));
        var values = Values;
        if (_landing is null || _landing.Length < values.Length)
        {
            var length = Math.Max(values.Length, _landing is null ? 0 : checked(_landing.Length / 2 * 3));
            if (_landing is not null)
            {
                device.Release(_landing);
            }

            _landing = device.AllocatePersistentIndices(length);
        }

        device.Driver.WriteAhead(_landing.Block.Slab, _landing.Block.ByteOffset, MemoryMarshal.AsBytes(values));
    }

    private protected override void TakeCore(JaggedLayout layout, Span<IndexTensor> arrays)
    {
        _parts.Clear();
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = Arrive(i);
        }

        var (rows, offsets) = (Arrive(_layoutArrays), Arrive(_layoutArrays + 1));
        device.Driver.CopyArrived(_landing!.Block.Slab, CollectionsMarshal.AsSpan(_parts));
        layout.Preparation = new GpuLayout(rows, offsets);
    }

    private IndexTensor Arrive(int array)
    {
        var (first, length) = PlaceOf(array);
        var tensor = device.AllocateIndices(length);
        tensor.Range = GpuDevice.RangeOf(Values.Slice(first, length));
        if (length > 0)
        {
            _parts.Add(new ArrivedPart(_landing!.Block.ByteOffset + ((long)first * sizeof(int)), tensor.Block.Slab, tensor.Block.ByteOffset,
                (long)length * sizeof(int)));
        }

        return tensor;
    }
}
