using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Tensors;

/// <summary>
/// A float32 matrix in row-major order: a shape and a row stride over a device's memory. Rows are contiguous and never padded; a
/// slice of columns is a view with the same stride, so no copy is made. A tensor has no gradient: that is Autograd's.
/// </summary>
public sealed class Tensor : DeviceArray
{
    internal Tensor(Device device, MemoryBlock block, long offset, Shape shape, int rowStride, long step)
        : base(device, block, offset, step)
    {
        (Shape, RowStride) = (shape, rowStride);
    }

    public Shape Shape { get; }

    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    /// <summary>Values from one row's start to the next one's; at least <see cref="Columns"/>.</summary>
    public int RowStride { get; }

    /// <summary>Whether the rows follow each other without a gap.</summary>
    public bool IsContiguous => RowStride == Columns || Rows <= 1;

    /// <summary>A view of <paramref name="count"/> columns from <paramref name="start"/>; nothing is copied.</summary>
    public Tensor SliceColumns(int start, int count)
    {
        ThrowIfDead();
        if (start < 0 || count < 0 || start > Columns - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"columns {start} to {start + count} are not within a tensor of shape {Shape}");
        }

        return new Tensor(Device, Block, Offset + start, Shape.Matrix(Rows, count), RowStride, Step);
    }

    /// <summary>A view of <paramref name="count"/> rows from <paramref name="start"/>; nothing is copied.</summary>
    public Tensor SliceRows(int start, int count)
    {
        ThrowIfDead();
        if (start < 0 || count < 0 || start > Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"rows {start} to {start + count} are not within a tensor of shape {Shape}");
        }

        return new Tensor(Device, Block, Offset + ((long)start * RowStride), Shape.Matrix(count, Columns), RowStride, Step);
    }

    /// <summary>A view, as a vector, of <paramref name="count"/> values in row-major order from <paramref name="start"/>; nothing is copied.</summary>
    /// <exception cref="InvalidOperationException">There are gaps between the rows.</exception>
    public Tensor SliceValues(long start, int count)
    {
        ThrowIfDead();
        if (!IsContiguous)
        {
            throw new InvalidOperationException($"the values of {this} do not follow each other: its rows are {RowStride} values apart");
        }

        if (start < 0 || count < 0 || start > Shape.Count - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"values {start} to {start + count} are not within a tensor of shape {Shape}");
        }

        return new Tensor(Device, Block, Offset + start, Shape.Vector(count), count, Step);
    }

    /// <summary>A copy in memory that outlives the step; give it back with <see cref="Device.Release(DeviceArray)"/>, or let the device's disposal do
    /// it.</summary>
    public Tensor Keep()
    {
        ThrowIfDead();
        var copy = Device.AllocatePersistent(Shape);
        Device.Pointwise.Copy(this, copy);
        return copy;
    }

    /// <summary>The values in row-major order, copied to the host.</summary>
    public float[] ToArray()
    {
        var values = new float[Shape.Count];
        Device.Download(this, values);
        return values;
    }

    /// <summary>The value of a tensor of one element.</summary>
    public float ToScalar()
    {
        if (Shape.Count != 1)
        {
            throw new InvalidOperationException($"ToScalar needs a tensor of one value; this one has shape {Shape}.");
        }

        Span<float> value = stackalloc float[1];
        Device.Download(this, value);
        return value[0];
    }

    public override string ToString() => Describe();

    private protected override string Describe() => $"tensor {Shape}";
}
