using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Sorting;

/// <summary>A stable radix sort of (key, position) pairs, four bits a pass, without atomics: counts by digit and tile, a scan over them, a scatter.</summary>
internal static class SortingKernels
{
    private const int Digits = 16;
    private const int Tile = GroupSizes.Sort;

    /// <summary>positions[i] = i.</summary>
    [Kernel("sorting", "fill-positions")]
    public static void FillPositions(ArrayView<int> positions, int positionsOffset, int count)
    {
        for (var i = Grid.GlobalIndex.X; i < count; i += Grid.DimX * Group.DimX)
        {
            positions[positionsOffset + i] = i;
        }
    }

    /// <summary>counts[digit, tile] = how many keys of a tile have the digit.</summary>
    [Kernel("sorting", "digit-counts")]
    public static void DigitCounts(ArrayView<int> keys, int keysOffset, ArrayView<int> counts, int countsOffset, int count, int tiles, int shift)
    {
        var shared = SharedMemory.Allocate<int>(Tile);
        var i = (Grid.IdxX * Tile) + Group.IdxX;
        var digit = i < count ? (keys[keysOffset + i] >> shift) & (Digits - 1) : Digits;
        for (var d = 0; d < Digits; d++)
        {
            Scan(shared, digit == d ? 1 : 0);
            if (Group.IdxX == Tile - 1)
            {
                counts[countsOffset + (d * tiles) + Grid.IdxX] = shared[Tile - 1];
            }

            Group.Barrier();
        }
    }

    /// <summary>One group: counts[i] = the sum of all counts before i.</summary>
    [Kernel("sorting", "scan")]
    public static void Scan(ArrayView<int> counts, int countsOffset, int count)
    {
        var shared = SharedMemory.Allocate<int>(Tile);
        var carry = 0;
        for (var first = 0; first < count; first += Tile)
        {
            var i = first + Group.IdxX;
            var value = i < count ? counts[countsOffset + i] : 0;
            Scan(shared, value);
            if (i < count)
            {
                counts[countsOffset + i] = carry + shared[Group.IdxX] - value;
            }

            carry += shared[Tile - 1];

            // Without the fence the compiler moves the load behind the barrier (docs/kernel-csharp.md).
            MemoryFence.GroupLevel();
            Group.Barrier();
        }
    }

    /// <summary>Moves each pair to the place of its digit, its tile and its rank within the tile.</summary>
    [Kernel("sorting", "scatter")]
    public static void Scatter(
        ArrayView<int> keys, int keysOffset, ArrayView<int> values, int valuesOffset,
        ArrayView<int> places, int placesOffset,
        ArrayView<int> sortedKeys, int sortedKeysOffset, ArrayView<int> sortedValues, int sortedValuesOffset,
        int count, int tiles, int shift)
    {
        var shared = SharedMemory.Allocate<int>(Tile);
        var i = (Grid.IdxX * Tile) + Group.IdxX;
        var key = i < count ? keys[keysOffset + i] : 0;
        var digit = i < count ? (key >> shift) & (Digits - 1) : Digits;
        var place = 0;
        for (var d = 0; d < Digits; d++)
        {
            Scan(shared, digit == d ? 1 : 0);
            if (digit == d)
            {
                place = places[placesOffset + (d * tiles) + Grid.IdxX] + shared[Group.IdxX] - 1;
            }

            Group.Barrier();
        }

        if (i < count)
        {
            sortedKeys[sortedKeysOffset + place] = key;
            sortedValues[sortedValuesOffset + place] = values[valuesOffset + i];
        }
    }

    /// <summary>starts[id] = the place of the first key that is at least id, for ids 0 .. ids; starts[ids] = count.</summary>
    [Kernel("sorting", "segment-starts")]
    public static void SegmentStarts(ArrayView<int> keys, int keysOffset, ArrayView<int> starts, int startsOffset, int count, int ids)
    {
        for (var i = Grid.GlobalIndex.X; i <= count; i += Grid.DimX * Group.DimX)
        {
            var before = i == 0 ? -1 : keys[keysOffset + i - 1];
            var key = i == count ? ids : keys[keysOffset + i];
            for (var id = before + 1; id <= key; id++)
            {
                starts[startsOffset + id] = i;
            }
        }
    }

    /// <summary>shared[thread] = the sum of the values of threads up to this one (Hillis and Steele 1986). All threads of the group must come here.</summary>
    private static void Scan(ArrayView<int> shared, int value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var distance = 1; distance < Tile; distance <<= 1)
        {
            var add = Group.IdxX >= distance ? shared[Group.IdxX - distance] : 0;
            Group.Barrier();
            shared[Group.IdxX] += add;
            Group.Barrier();
        }
    }
}
