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

    public int Length { get; }

    /// <summary>The smallest and the largest value where the device knows them without looking: a device apart from the host checks ids by them.</summary>
    internal (int Smallest, int Largest)? Range { get; set; }

    /// <summary>The values where a device apart from the host has fetched them and they have not changed since.</summary>
    internal int[]? KnownValues { get; set; }

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
