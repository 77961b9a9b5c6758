using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Ranking;

/// <summary>Ranks and best items on a GPU.</summary>
internal sealed class GpuRankingOperations(GpuDevice device) : RankingOperations(device)
{
    /// <summary>The most scores that are held at once.</summary>
    private const long MostScores = 1 << 24;

    /// <summary>The bits of what stands in place of a filtered candidate's score: a NaN that no computation makes.</summary>
    private const int Hidden = 0x7fffdead;

    protected override void RanksCore(Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates,
        ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks)
    {
        const string Operation = "ranks";
        if (itemScales is not null)
        {
            throw Check.Unsupported($"{Operation} with scales of items", device);
        }

        var known = HostCandidates(Operation, candidates, items.Rows);
        for (var b = 0; b < targets.Length; b++)
        {
            if ((uint)targets[b] >= (uint)items.Rows)
            {
                throw new ArgumentException($"{Operation}: the target of query {b} is item {targets[b]}, outside a table of {items.Rows} items");
            }
        }

        ranks.Clear();
        if (queries.Rows == 0 || known.Length == 0)
        {
            return;
        }

        var (starts, filtered) = SortedFilter(queries.Rows, filter, known);
        var (isRanked, ranked) = (new bool[targets.Length], new int[targets.Length]);
        for (var b = 0; b < targets.Length; b++)
        {
            // In place of a target that has no rank stands a candidate, whose rank is not read.
            isRanked[b] = Array.BinarySearch(known, targets[b]) >= 0 && filtered.AsSpan(starts[b]..starts[b + 1]).BinarySearch(targets[b]) < 0;
            ranked[b] = isRanked[b] ? targets[b] : known[0];
        }

        using var uploads = new Uploads(device);
        var output = uploads.Scratch(queries.Rows);
        var (deviceTargets, deviceStarts, deviceFiltered) = (uploads.Of(ranked), uploads.Of(starts), uploads.Of(filtered));
        device.Kernel("ranking.ranks.plain")
            .Matrix(queries).Matrix(items).Array(candidates).Int32(candidates.Length)
            .Array(deviceTargets).Array(deviceStarts).Array(deviceFiltered).Array(output).Int32(queries.Columns).Groups(queries.Rows);
        device.Download(output, ranks);
        for (var b = 0; b < ranks.Length; b++)
        {
            RequireNumber(ranks[b] >= 0, Operation, b);
            ranks[b] = isRanked[b] ? ranks[b] : 0;
        }
    }

    protected override void TopKCore(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        const string Operation = "top k";
        var known = HostCandidates(Operation, candidates, items.Rows);
        if (queries.Rows == 0)
        {
            return;
        }

        var (starts, filtered) = SortedFilter(queries.Rows, filter, known);
        using var uploads = new Uploads(device);
        var (deviceStarts, deviceFiltered) = (uploads.Of(starts), uploads.Of(filtered));
        var deviceItems = uploads.Scratch(topItems.Length);
        var deviceScores = uploads.Scratch(Shape.Matrix(queries.Rows, k));
        var count = candidates.Length;
        var queriesAtOnce = (int)Math.Clamp(MostScores / Math.Max(1, count), 1, queries.Rows);
        var scores = uploads.Scratch(Shape.Matrix(queriesAtOnce, count));
        var stretches = Math.Clamp((count + GroupSizes.Row - 1) / GroupSizes.Row, 1, 1024);
        for (var first = 0; first < queries.Rows; first += queriesAtOnce)
        {
            var block = Math.Min(queriesAtOnce, queries.Rows - first);
            device.Kernel("ranking.scores.plain")
                .Matrix(queries).Matrix(items).Array(candidates).Int32(count).Array(deviceStarts).Array(deviceFiltered)
                .Array(scores).Int32(first).Int32(stretches).Int32(queries.Columns).Int32(Hidden).Groups((long)block * stretches);
            device.Kernel("ranking.top-k.plain")
                .Array(scores).Int32(count).Array(candidates).Array(deviceItems).Array(deviceScores).Int32(first).Int32(k).Int32(Hidden).Groups(block);
        }

        device.Download(deviceItems, topItems);
        device.Download(deviceScores, topScores);
        for (var b = 0; b < queries.Rows; b++)
        {
            RequireNumber(topItems[b * k] != -2, Operation, b);
        }
    }

    private static void RequireNumber(bool isNumber, string operation, int query)
    {
        if (!isNumber)
        {
            throw new ArithmeticException($"{operation}: a score of query {query} is NaN; its query or an item's row holds NaN or infinities");
        }
    }

    /// <summary>The filter with each query's items sorted, without doubles and without what is no candidate.</summary>
    private static (int[] Starts, int[] Items) SortedFilter(int queries, ItemFilter filter, int[] candidates)
    {
        var starts = new int[queries + 1];
        var items = new List<int>();
        for (var b = 0; b < queries; b++)
        {
            var sorted = filter.Of(b).ToArray();
            Array.Sort(sorted);
            var last = -1;
            foreach (var item in sorted)
            {
                if (item != last && Array.BinarySearch(candidates, item) >= 0)
                {
                    items.Add(item);
                }

                last = item;
            }

            starts[b + 1] = items.Count;
        }

        return (starts, [.. items]);
    }

    /// <summary>The candidates as the host knows them, fetched and checked once.</summary>
    /// <exception cref="ArgumentException">A candidate is outside the table, or they do not increase.</exception>
    private static int[] HostCandidates(string operation, IndexTensor candidates, int items)
    {
        var values = candidates.KnownValues;
        if (values is not null && (values.Length == 0 || values[^1] < items))
        {
            return values;
        }

        values = candidates.ToArray();
        var last = -1;
        for (var position = 0; position < values.Length; position++)
        {
            var item = values[position];
            if ((uint)item >= (uint)items)
            {
                throw new ArgumentException($"{operation}: candidate {position} is item {item}, outside a table of {items} items");
            }

            if (item <= last)
            {
                throw new ArgumentException($"{operation}: candidates must increase; candidate {position} is item {item} after item {last}");
            }

            last = item;
        }

        candidates.KnownValues = values;
        return values;
    }

    /// <summary>Tensors for the time of an operation, however it ends.</summary>
    private sealed class Uploads(GpuDevice device) : IDisposable
    {
        private readonly List<DeviceArray> _tensors = [];

        public IndexTensor Of(int[] values)
        {
            var tensor = Scratch(values.Length);
            device.Upload(values, tensor);
            return tensor;
        }

        public IndexTensor Scratch(int length)
        {
            var tensor = device.AllocateScratchIndices(length);
            _tensors.Add(tensor);
            return tensor;
        }

        public Tensor Scratch(Shape shape)
        {
            var tensor = device.AllocateScratch(shape);
            _tensors.Add(tensor);
            return tensor;
        }

        public void Dispose()
        {
            foreach (var tensor in _tensors)
            {
                device.Release(tensor);
            }
        }
    }
}
