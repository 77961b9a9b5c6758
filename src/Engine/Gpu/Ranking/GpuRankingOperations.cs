using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Ranking;

/// <summary>Ranks and best items on a GPU.</summary>
internal sealed class GpuRankingOperations(GpuDevice device) : RankingOperations(device)
{
    /// <summary>The most scores that are held at once.</summary>
    private const long MostScores = 1 << 24;

    protected override void RanksCore(Tensor queries, Tensor items, IndexTensor candidates, ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks)
    {
        if (queries.Rows == 0)
        {
            return;
        }

        var known = HostCandidates(candidates);
        var kept = new int[targets.Length];
        var (starts, filtered) = SortedFilter(queries.Rows, filter, known);
        for (var b = 0; b < kept.Length; b++)
        {
            // A target that cannot be ranked stands as any other item, and its rank is not read.
            var isRanked = Array.BinarySearch(known, targets[b]) >= 0 && filtered.AsSpan(starts[b]..starts[b + 1]).BinarySearch(targets[b]) < 0;
            kept[b] = isRanked ? targets[b] : -1;
        }

        using var uploads = new Uploads(device);
        var output = uploads.Scratch(queries.Rows);
        var (deviceTargets, deviceStarts, deviceFiltered) =
            (uploads.Of(Array.ConvertAll(kept, t => Math.Max(0, t))), uploads.Of(starts), uploads.Of(filtered));
        device.Kernel("ranking.ranks.plain")
            .Matrix(queries).Matrix(items).Array(candidates).Int32(candidates.Length)
            .Array(deviceTargets).Array(deviceStarts).Array(deviceFiltered).Array(output).Int32(queries.Columns).Groups(queries.Rows);
        device.Download(output, ranks);
        for (var b = 0; b < ranks.Length; b++)
        {
            RequireNumber(ranks[b] >= 0, "ranks", b);
            ranks[b] = kept[b] < 0 ? 0 : ranks[b];
        }
    }

    protected override void TopKCore(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        if (queries.Rows == 0)
        {
            return;
        }

        var (starts, filtered) = SortedFilter(queries.Rows, filter, HostCandidates(candidates));
        using var uploads = new Uploads(device);
        var (deviceStarts, deviceFiltered) = (uploads.Of(starts), uploads.Of(filtered));
        var deviceItems = uploads.Scratch(topItems.Length);
        var deviceScores = device.AllocateScratch(Shape.Matrix(queries.Rows, k));
        var count = candidates.Length;
        var queriesAtOnce = (int)Math.Clamp(MostScores / Math.Max(1, count), 1, queries.Rows);
        var scores = device.AllocateScratch(Shape.Matrix(queriesAtOnce, count));
        var stretches = Math.Clamp((count + GroupSizes.Row - 1) / GroupSizes.Row, 1, 1024);
        for (var first = 0; first < queries.Rows; first += queriesAtOnce)
        {
            var block = Math.Min(queriesAtOnce, queries.Rows - first);
            device.Kernel("ranking.scores.plain")
                .Matrix(queries).Matrix(items).Array(candidates).Int32(count).Array(deviceStarts).Array(deviceFiltered)
                .Array(scores).Int32(first).Int32(stretches).Int32(queries.Columns).Groups((long)block * stretches);
            device.Kernel("ranking.top-k.plain")
                .Array(scores).Int32(count).Array(candidates).Array(deviceItems).Array(deviceScores).Int32(first).Int32(k).Groups(block);
        }

        device.Download(deviceItems, topItems);
        device.Download(deviceScores, topScores);
        device.Release(scores);
        device.Release(deviceScores);
        for (var b = 0; b < queries.Rows; b++)
        {
            RequireNumber(topItems[b * k] != -2, "top k", b);
        }
    }

    private static void RequireNumber(bool isNumber, string operation, int query)
    {
        if (!isNumber)
        {
            throw new ArithmeticException($"{operation}: a score of query {query} is NaN; the weights or the inputs are not finite");
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

    private (IndexTensor Tensor, int[] Items)? _candidates;

    /// <summary>The candidates as the host knows them, fetched once a tensor.</summary>
    private int[] HostCandidates(IndexTensor candidates)
    {
        if (_candidates is not { } known || !ReferenceEquals(known.Tensor, candidates))
        {
            known = (candidates, candidates.ToArray());
            _candidates = known;
        }

        return known.Items;
    }

    /// <summary>Index tensors for the time of an operation.</summary>
    private sealed class Uploads(GpuDevice device) : IDisposable
    {
        private readonly List<IndexTensor> _tensors = [];

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

        public void Dispose()
        {
            foreach (var tensor in _tensors)
            {
                device.Release(tensor);
            }
        }
    }
}
