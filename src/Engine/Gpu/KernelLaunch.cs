using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu;

/// <summary>
/// A kernel and its arguments, written one after the other in the order of its parameters, then launched. One object serves all launches of a device, so
/// that launching allocates nothing.
/// </summary>
internal sealed class KernelLaunch(GpuDevice device)
{
    private const int MostArguments = 64;

    private readonly KernelArgument[] _arguments = new KernelArgument[MostArguments];
    private LoadedKernel? _kernel;
    private int _count;

    public KernelLaunch Of(LoadedKernel kernel)
    {
        (_kernel, _count) = (kernel, 0);
        return this;
    }

    /// <summary>A view, its offset and its row stride.</summary>
    public KernelLaunch Matrix(Tensor tensor) => Array(tensor).Int32(tensor.RowStride);

    /// <summary>A matrix, or where there is none the memory of another one, which the kernel will not touch.</summary>
    public KernelLaunch MatrixOr(Tensor? tensor, Tensor placeholder) => Matrix(tensor ?? placeholder);

    /// <summary>A view and its offset.</summary>
    public KernelLaunch Array(DeviceArray array)
    {
        var block = array.Block;
        device.Recordings.Touch(block.Slab);
        Add(new KernelArgument(KernelParameter.View, block.Slab, (block.ByteOffset + block.Bytes) / sizeof(float)));
        return Int32(Index((block.ByteOffset / sizeof(float)) + array.Offset));
    }

    public KernelLaunch Int32(int value)
    {
        Add(new KernelArgument(KernelParameter.Word, 0, value));
        return this;
    }

    public KernelLaunch UInt32(uint value) => Int32((int)value);

    public KernelLaunch Single(float value)
    {
        Add(new KernelArgument(KernelParameter.Real, 0, BitConverter.SingleToInt32Bits(value)));
        return this;
    }

    /// <summary>The numbers of the step, from one of them on.</summary>
    public KernelLaunch Numbers(int first)
    {
        var numbers = device.StepNumbers.Array;
        Array(numbers);
        _arguments[_count - 1] = _arguments[_count - 1] with { Value = _arguments[_count - 1].Value + first };
        return this;
    }

    /// <summary>The words that decide a mask: seed, site, threshold, scale; the forward count is in the step's numbers.</summary>
    public KernelLaunch Dropout(DropoutSite site)
    {
        device.StepNumbers.SetForwardCount(site.ForwardCount);
        return Array(device.StepNumbers.Array).UInt32((uint)site.Seed).UInt32((uint)(site.Seed >> 32)).UInt32(site.Site)
            .UInt32(site.IsActive ? site.Threshold : 0).Single(site.IsActive ? site.Scale : 1);
    }

    /// <summary>A group for each of so many rows.</summary>
    public void Groups(long groups)
    {
        var kernel = _kernel!;
        if (groups > 0)
        {
            device.Launched?.Add(kernel.Image.Name);
            device.Driver.Launch(kernel.Handle, kernel.Image, Index(groups), kernel.Entry.GroupSize, 0, Arguments(kernel));
        }
    }

    /// <summary>A thread for each of so many elements, at most; threads go on to further elements.</summary>
    public void Elements(long elements)
    {
        const int MostGroups = 1 << 14;
        var size = _kernel!.Entry.GroupSize;
        Groups(Math.Min(MostGroups, (elements + size - 1) / size));
    }

    private ReadOnlySpan<KernelArgument> Arguments(LoadedKernel kernel)
    {
        var parameters = kernel.Image.Parameters;
        for (var i = 0; i < Math.Max(_count, parameters.Count); i++)
        {
            if (i >= _count || i >= parameters.Count || _arguments[i].Kind != parameters[i])
            {
                throw new KernelException(
                    $"{kernel.Image.Name}: argument {i} of {_count} is {(i < _count ? _arguments[i].Kind : "missing")}, its parameter of {parameters.Count} "
                    + $"is {(i < parameters.Count ? parameters[i] : "missing")}");
            }
        }

        return _arguments.AsSpan(0, _count);
    }

    private void Add(KernelArgument argument) => _arguments[_count++] = argument;

    /// <summary>Kernels count elements in 32 bits.</summary>
    private int Index(long index) => index <= int.MaxValue
        ? (int)index
        : throw new NotSupportedException($"{_kernel!.Image.Name}: element {index} is beyond the 2^31 that kernels count to; take a smaller batch or table");
}
