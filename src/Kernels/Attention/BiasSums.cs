using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>Sums of a tile's dS by distance and by bucket, into a table of the group's own: nothing is added by two threads at once, and always in the same
/// order.</summary>
internal static class BiasSums
{
    /// <summary>Of what a backward launch is wanted for: dq.</summary>
    public const int Queries = 1;

    /// <summary>The sums by distance.</summary>
    public const int Distances = 2;

    /// <summary>The sums by bucket.</summary>
    public const int Buckets = 4;

    /// <summary>More than any bucket.</summary>
    public const float Beyond = 1000f;

    private const int Side = AttentionTile.Side;
    private const int Threads = AttentionTile.Threads;
    private const int Stride = AttentionTile.Stride;

    /// <summary>Buckets that are summed at once: a tile of pairs has few.</summary>
    private const int Window = 8;

    private const int PartStride = Threads + 1;
    private const int SecondParts = Window * (Threads + 8);
    private const int Smallest = SecondParts + 128;
    private const int Largest = Smallest + Threads;
    private const int TableSlices = 32;
    private const int TableEntries = GroupSizes.Elements / TableSlices;

    /// <summary>table[distance] += the sum of a diagonal: a thread a diagonal.</summary>
    /// <param name="shift">The distance of the tile's first row and first column.</param>
    public static void AddDistances(ArrayView<float> changes, ArrayView<float> tables, int table, int shift, int normalizer)
    {
        var diagonal = Group.IdxX - (Side - 1);
        var distance = shift + diagonal;
        if (distance >= 0 && distance < normalizer && diagonal < Side)
        {
            var sum = 0f;
            var first = diagonal > 0 ? diagonal : 0;
            var end = diagonal > 0 ? Side : Side + diagonal;
            for (var row = first; row < end; row++)
            {
                sum += changes[(row * Stride) + row - diagonal];
            }

            tables[table + distance] += sum;
        }
    }

    /// <summary>Notes which buckets the thread's pairs have, in a tile that nobody reads any more.</summary>
    public static void Note(ArrayView<float> scratch, float smallest, float largest)
    {
        scratch[Smallest + Group.IdxX] = smallest;
        scratch[Largest + Group.IdxX] = largest;
    }

    /// <summary>table[bucket] += the sum of the bucket's pairs, eight buckets at once from the smallest to the largest noted.</summary>
    public static void AddBuckets(ArrayView<float> changes, ArrayView<float> buckets, ArrayView<float> scratch, ArrayView<float> tables, int table)
    {
        var noted = scratch.Cast<Quad>();
        var smallest = Beyond;
        var largest = -1f;
        for (var i = 0; i < Threads >> 2; i++)
        {
            smallest = Lesser(smallest, noted[(Smallest >> 2) + i]);
            largest = Greater(largest, noted[(Largest >> 2) + i]);
        }

        for (var bucket = smallest; bucket <= largest; bucket += Window)
        {
            SumOfThread(changes, buckets, scratch, bucket);
            Group.Barrier();
            var sum = 0f;
            for (var i = 0; i < Threads / Window; i++)
            {
                sum += scratch[((Group.IdxX >> 3) * PartStride) + ((Group.IdxX & 7) * Window) + i];
            }

            scratch[SecondParts + Group.IdxX] = sum;
            Group.Barrier();
            var entry = (int)bucket + Group.IdxX;
            if (Group.IdxX < Window && entry < TimeBuckets.Count)
            {
                var total = 0f;
                for (var i = 0; i < Window; i++)
                {
                    total += scratch[SecondParts + (Group.IdxX * Window) + i];
                }

                tables[table + entry] += total;
            }

            Group.Barrier();
        }
    }

    /// <summary>
    /// dposition[N − 1 − d] (+)= Σ over the tables of entry d, dtime[b] (+)= Σ of entry N + b; what no pair has is 0. A group eight entries: 32 slices of the
    /// tables each, then the slices in order.
    /// </summary>
    [Kernel("attention", "sum-biases", "tiled")]
    public static void SumTables(
        ArrayView<float> tables, int tablesOffset, int tableStride, ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        int groups, int normalizer, int wanted, int accumulatePosition, int accumulateTime)
    {
        var sums = SharedMemory.Allocate<float>(GroupSizes.Elements);
        var index = (Grid.IdxX * TableEntries) + (Group.IdxX & (TableEntries - 1));
        var positions = (2 * normalizer) - 1;
        var entry = index < positions ? normalizer - 1 - index : normalizer + index - positions;
        var sum = 0f;
        if (entry >= 0 && entry < normalizer + TimeBuckets.Count)
        {
            for (var group = Group.IdxX >> 3; group < groups; group += TableSlices)
            {
                sum += tables[tablesOffset + (group * tableStride) + entry];
            }
        }

        sums[Group.IdxX] = sum;
        Group.Barrier();
        if (Group.IdxX >= TableEntries)
        {
            return;
        }

        var total = 0f;
        for (var slice = 0; slice < TableSlices; slice++)
        {
            total += sums[(slice * TableEntries) + Group.IdxX];
        }

        if (index < positions)
        {
            if ((wanted & Distances) != 0)
            {
                position[positionOffset + index] = accumulatePosition != 0 ? position[positionOffset + index] + total : total;
            }
        }
        else if ((wanted & Buckets) != 0 && entry < normalizer + TimeBuckets.Count)
        {
            var bucket = index - positions;
            time[timeOffset + bucket] = accumulateTime != 0 ? time[timeOffset + bucket] + total : total;
        }
    }

    /// <summary>The thread's sums of eight buckets, one beside the other's.</summary>
    private static void SumOfThread(ArrayView<float> changes, ArrayView<float> buckets, ArrayView<float> scratch, float first)
    {
        var (low, high) = (default(Quad), default(Quad));
        for (var row = Group.IdxX >> 5; row < Side; row += Threads / Side)
        {
            var at = (row * Stride) + (Group.IdxX & (Side - 1));
            var place = buckets[at] - first;
            var change = changes[at];
            low = new Quad(low.X + If(place, 0f, change), low.Y + If(place, 1f, change), low.Z + If(place, 2f, change), low.W + If(place, 3f, change));
            high = new Quad(high.X + If(place, 4f, change), high.Y + If(place, 5f, change), high.Z + If(place, 6f, change), high.W + If(place, 7f, change));
        }

        scratch[Group.IdxX] = low.X;
        scratch[PartStride + Group.IdxX] = low.Y;
        scratch[(2 * PartStride) + Group.IdxX] = low.Z;
        scratch[(3 * PartStride) + Group.IdxX] = low.W;
        scratch[(4 * PartStride) + Group.IdxX] = high.X;
        scratch[(5 * PartStride) + Group.IdxX] = high.Y;
        scratch[(6 * PartStride) + Group.IdxX] = high.Z;
        scratch[(7 * PartStride) + Group.IdxX] = high.W;
    }

    private static float If(float place, float wanted, float change) => place == wanted ? change : 0f;

    private static float Lesser(float a, Quad b)
    {
        var x = b.X < b.Y ? b.X : b.Y;
        var y = b.Z < b.W ? b.Z : b.W;
        var least = x < y ? x : y;
        return least < a ? least : a;
    }

    private static float Greater(float a, Quad b)
    {
        var x = b.X > b.Y ? b.X : b.Y;
        var y = b.Z > b.W ? b.Z : b.W;
        var most = x > y ? x : y;
        return most > a ? most : a;
    }
}
