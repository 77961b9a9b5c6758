using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Tensors;

/// <summary>A vector of 32-bit integers on a device: ids, offsets, seconds. Where an operation speaks of a matrix of them, it is in row-major order.</summary>
public sealed class IndexTensor : DeviceArray
{
    internal IndexTensor(Device device, MemoryBlock block, int length, long step)
        : base(device, block, 0, step)
    {
        Length = length;
    }

    private IndexTensor(IndexTensor whole, int length)
        : base(whole.Device, whole.Block, whole.Offset, whole.Step)
    {
        Length = length;
    }

    public int Length { get; }

    /// <summary>The smallest and the largest value where the device knows them without looking: a device apart from the host checks ids by them.</summary>
    internal (int Smallest, int Largest)? Range { get; set; }

    /// <summary>The values where a device apart from the host has fetched them and they have not changed since.</summary>
    internal int[]? KnownValues { get; set; }

    /// <summary>A view of the first values; nothing is copied.</summary>
    public IndexTensor First(int count)
    {
        ThrowIfDead();
        if (count < 0 || count > Length)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"there are no {count} values in {this}");
        }

        return new IndexTensor(this, count);
    }

    /// <summary>The values, copied to the host.</summary>
    public int[] ToArray()
    {
        var values = new int[Length];
        Device.Download(this, values);
        return values;
    }

    public override string ToString() => Describe();

    private protected override string Describe() => $"index tensor [{Length}]";
}
