using System.Runtime.Intrinsics;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Streams the scores of all queries against all candidates: a block of candidates is packed, chunks of queries are scored against it, and a consumer takes
/// each query's scores while they are in the cache.
/// </summary>
internal static unsafe class ScoreStream
{
    private const int BlockCandidates = 1024;
    private const int QueriesPerChunk = 32;
    private const int QueriesPerTargetChunk = 256;

    /// <summary>Hands all scores to a consumer; those of filtered candidates as NaN.</summary>
    /// <exception cref="ArithmeticException">A score is NaN; the query is named.</exception>
    public static void Run<TConsumer>(
        CpuDevice device, string operation, Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates, CandidatePositions positions, ItemFilter filter, TConsumer consumer)
        where TConsumer : struct, IScoreConsumer
    {
        CheckOffsets(operation, filter);
        var chunks = (queries.Rows + QueriesPerChunk - 1) / QueriesPerChunk;
        using var packed = device.Scratch.Rent((long)BlockCandidates * queries.Columns);
        using var scores = device.Scratch.Rent((long)QueriesPerChunk * BlockCandidates * device.Threads);
        using var failures = device.Scratch.Rent(chunks);
        new Span<int>((int*)failures.Pointer, chunks).Fill(-1);
        fixed (int* filterOffsets = filter.Offsets)
        fixed (int* filterItems = filter.Items)
        {
            var packing = new PackJob
            {
                Items = CpuDevice.Pointer(items),
                Stride = items.RowStride,
                Scales = CpuDevice.PointerOrNull(itemScales),
                Columns = items.Columns,
                Packed = packed.Pointer,
            };
            var scoring = new ScoreJob<TConsumer>
            {
                Queries = CpuDevice.Pointer(queries),
                Stride = queries.RowStride,
                Columns = queries.Columns,
                Rows = queries.Rows,
                Packed = packed.Pointer,
                Scores = scores.Pointer,
                Failures = (int*)failures.Pointer,
                FilterOffsets = filterOffsets,
                FilterItems = filterItems,
                Positions = positions,
                Consumer = consumer,
            };
            var panelWidth = 2 * (int)device.Width / 32;
            for (var first = 0; first < candidates.Length; first += BlockCandidates)
            {
                var count = Math.Min(BlockCandidates, candidates.Length - first);
                packing.Rows = CpuDevice.Pointer(candidates) + first;
                packing.Count = count;
                device.Workers.Run((count + panelWidth - 1) / panelWidth, ref packing);
                (scoring.First, scoring.Count) = (first, count);
                device.Workers.Run(chunks, ref scoring);
            }

            for (var chunk = 0; chunk < chunks; chunk++)
            {
                if (scoring.Failures[chunk] is >= 0 and var query)
                {
                    throw new ArithmeticException($"{operation}: a score of query {query} is NaN; its query or an item's row holds NaN or infinities");
                }
            }
        }
    }

    /// <summary>The score of each query's target, bit for bit as <see cref="Run"/> computes it; 0 where the place is −1.</summary>
    public static void TargetScores(CpuDevice device, Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates, int* places, float* scores)
    {
        var job = new TargetJob
        {
            Queries = CpuDevice.Pointer(queries),
            QueryStride = queries.RowStride,
            Items = CpuDevice.Pointer(items),
            ItemStride = items.RowStride,
            Scales = CpuDevice.PointerOrNull(itemScales),
            Columns = queries.Columns,
            Rows = queries.Rows,
            Candidates = CpuDevice.Pointer(candidates),
            Places = places,
            Scores = scores,
        };
        device.Workers.Run((queries.Rows + QueriesPerTargetChunk - 1) / QueriesPerTargetChunk, ref job);
    }

    private static void CheckOffsets(string operation, ItemFilter filter)
    {
        for (var query = 0; query + 1 < filter.Offsets.Length; query++)
        {
            if (filter.Offsets[query + 1] < filter.Offsets[query])
            {
                throw new ArgumentException($"{operation}: the filter's offsets decrease from {filter.Offsets[query]} to {filter.Offsets[query + 1]} at query {query}");
            }
        }
    }

    private struct TargetJob : IChunkJob
    {
        public float* Queries;
        public nint QueryStride;
        public float* Items;
        public nint ItemStride;
        public float* Scales;
        public int Columns;
        public int Rows;
        public int* Candidates;
        public int* Places;
        public float* Scores;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var end = Math.Min(Rows, (chunk + 1) * QueriesPerTargetChunk);
            for (var query = chunk * QueriesPerTargetChunk; query < end; query++)
            {
                var place = Places[query];
                Scores[query] = place < 0 ? 0 : Score(Queries + (query * QueryStride), Candidates[place]);
            }
        }
    
        private readonly float Score(float* query, nint item) =>
            ScorePanels.One(query, Items + (item * ItemStride), Columns, Scales is null ? 1 : Scales[item]);
    }

    /// <summary>Packs one panel a chunk.</summary>
    private struct PackJob : IChunkJob
    {
        public float* Items;
        public nint Stride;
        public float* Scales;
        public int Columns;
        public int* Rows;
        public int Count;
        public float* Packed;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var width = ScorePanels.Width<TVector>();
            var first = chunk * width;
            ScorePanels.Pack(Items, Stride, Scales, Columns, Rows + first, Math.Min(width, Count - first), width, Packed + ((nint)first * Columns));
        }
    }

    private struct ScoreJob<TConsumer> : IChunkJob
        where TConsumer : struct, IScoreConsumer
    {
        public float* Queries;
        public nint Stride;
        public int Columns;
        public int Rows;
        public float* Packed;
        public float* Scores;
        public int* Failures;
        public int* FilterOffsets;
        public int* FilterItems;
        public CandidatePositions Positions;
        public TConsumer Consumer;
        public int First;
        public int Count;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var scores = Scores + ((nint)worker * QueriesPerChunk * BlockCandidates);
            var firstQuery = chunk * QueriesPerChunk;
            var queries = Math.Min(QueriesPerChunk, Rows - firstQuery);
            var width = ScorePanels.Width<TVector>();
            var last = Queries + ((Rows - 1) * Stride);
            for (nint panel = 0; panel < Count; panel += width)
            {
                for (var q = 0; q < queries; q += ScorePanels.Queries)
                {
                    // Behind the last query it is scored again, into rows that nobody reads.
                    var query = Queries + ((firstQuery + q) * Stride);
                    var left = queries - q;
                    ScorePanels.Score<TVector>(
                        query,
                        left > 1 ? query + Stride : last,
                        left > 2 ? query + (2 * Stride) : last,
                        left > 3 ? query + (3 * Stride) : last,
                        Packed + (panel * Columns),
                        Columns,
                        scores + ((nint)q * BlockCandidates) + panel,
                        BlockCandidates);
                }
            }

            for (var q = 0; q < queries; q++)
            {
                var query = firstQuery + q;
                var ofQuery = scores + ((nint)q * BlockCandidates);
                if (HasNaN(ofQuery))
                {
                    Failures[chunk] = Failures[chunk] < 0 ? query : Math.Min(query, Failures[chunk]);
                    continue;
                }

                HideFiltered(query, ofQuery);
                Consumer.Take(query, ofQuery, First, Count);
            }
        }

        private readonly bool HasNaN(float* scores)
        {
            var ordered = Vector256<float>.AllBitsSet;
            var i = 0;
            for (; i + 8 <= Count; i += 8)
            {
                var values = Vector256.Load(scores + i);
                ordered &= Vector256.Equals(values, values);
            }

            var found = !ordered.AsInt32().Equals(Vector256<int>.AllBitsSet);
            for (; i < Count; i++)
            {
                found |= float.IsNaN(scores[i]);
            }

            return found;
        }

        private readonly void HideFiltered(int query, float* scores)
        {
            if (FilterOffsets is null)
            {
                return;
            }

            for (var i = FilterOffsets[query]; i < FilterOffsets[query + 1]; i++)
            {
                var place = Positions.Of(FilterItems[i]) - First;
                if ((uint)place < (uint)Count)
                {
                    scores[place] = float.NaN;
                }
            }
        }
    }
}
