using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Sorting;

/// <summary>The places of ids, sorted by id and stable within one: a radix sort of four bits a pass.</summary>
/// <param name="Order">[n]: places of the unsorted ids.</param>
/// <param name="Starts">[V + 1]: id v's places are Order[Starts[v]] .. Order[Starts[v + 1]].</param>
internal sealed record SortedIds(IndexTensor Order, IndexTensor Starts)
{
    private const int BitsPerPass = 4;
    private const int Digits = 1 << BitsPerPass;

    /// <param name="device">Where.</param>
    /// <param name="ids">From 0 to rows − 1.</param>
    /// <param name="rows">V.</param>
    public static SortedIds Of(GpuDevice device, IndexTensor ids, int rows)
    {
        var count = ids.Length;
        var tiles = Math.Max(1, (count + GroupSizes.Sort - 1) / GroupSizes.Sort);
        var (keys, values) = (ids, device.AllocateScratchIndices(count));
        var (nextKeys, spareKeys) = (device.AllocateScratchIndices(count), device.AllocateScratchIndices(count));
        var nextValues = device.AllocateScratchIndices(count);
        var counts = device.AllocateScratchIndices(checked(Digits * tiles));
        device.Kernel("sorting.fill-positions.plain").Array(values).Int32(count).Elements(count);
        for (var shift = 0; (rows - 1) >> shift > 0 && count > 0; shift += BitsPerPass)
        {
            device.Kernel("sorting.digit-counts.plain").Array(keys).Array(counts).Int32(count).Int32(tiles).Int32(shift).Groups(tiles);
            device.Kernel("sorting.scan.plain").Array(counts).Int32(counts.Length).Groups(1);
            device.Kernel("sorting.scatter.plain").Array(keys).Array(values).Array(counts).Array(nextKeys).Array(nextValues)
                .Int32(count).Int32(tiles).Int32(shift).Groups(tiles);
            (keys, nextKeys, spareKeys) = (nextKeys, spareKeys, nextKeys);
            (values, nextValues) = (nextValues, values);
        }

        var starts = device.AllocateScratchIndices(rows + 1);
        device.Kernel("sorting.segment-starts.plain").Array(keys).Array(starts).Int32(count).Int32(rows).Elements(count + 1L);
        device.Release(nextKeys);
        device.Release(spareKeys);
        device.Release(nextValues);
        device.Release(counts);
        return new SortedIds(values, starts);
    }

    public void Release(GpuDevice device)
    {
        device.Release(Order);
        device.Release(Starts);
    }
}
