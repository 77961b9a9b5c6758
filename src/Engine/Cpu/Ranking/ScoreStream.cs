using System.Runtime.Intrinsics;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Streams the scores of all queries against all candidates: a chunk is a block of candidates, read once from memory, packed into panels that stay in the
/// cache, and scored by all queries; a consumer takes each query's scores while they are there too.
/// </summary>
internal static unsafe class ScoreStream
{
    private const int BlockCandidates = 512;
    private const int QueriesAtOnce = 32;
    private const int QueriesPerTargetChunk = 256;

    /// <summary>Hands all scores of a range of queries to a consumer; those of filtered candidates as NaN.</summary>
    /// <exception cref="ArithmeticException">A score is NaN; the query is named.</exception>
    public static void Run<TConsumer>(
        CpuDevice device, string operation, Tensor queries, Range range, Tensor items, CandidateList candidates, HiddenPositions hidden, TConsumer consumer,
        Tensor? itemScales = null)
        where TConsumer : struct, IScoreConsumer
    {
        var (first, rows) = range.GetOffsetAndLength(queries.Rows);
        if (rows == 0 || candidates.Count == 0)
        {
            return;
        }

        // Queries that fit at once need one panel at a time; more of them come back to the whole block.
        long panels = rows <= QueriesAtOnce ? ScorePanels.MostRows : BlockCandidates;
        var packedValues = panels * ((queries.Columns + 3) & ~3);
        var stagedValues = ScorePanels.MostRows * ScorePanels.StagedStride(queries.Columns);
        using var packed = device.Scratch.Rent(packedValues * device.Threads);
        using var staged = device.Scratch.Rent((long)stagedValues * device.Threads);
        using var scores = device.Scratch.Rent((long)QueriesAtOnce * BlockCandidates * device.Threads);
        using var failures = device.Scratch.Rent(device.Threads);
        var failed = new Span<int>((int*)failures.Pointer, device.Threads);
        failed.Fill(int.MaxValue);
        var job = new ScoreJob<TConsumer>
        {
            Queries = CpuDevice.Pointer(queries) + ((nint)first * queries.RowStride),
            QueryStride = queries.RowStride,
            FirstRow = first,
            Rows = rows,
            Items = CpuDevice.Pointer(items),
            ItemStride = items.RowStride,
            Scales = CpuDevice.PointerOrNull(itemScales),
            Columns = queries.Columns,
            Candidates = candidates.Pointer,
            Count = candidates.Count,
            Packed = packed.Pointer,
            PackedValues = (nint)packedValues,
            Staged = staged.Pointer,
            StagedValues = stagedValues,
            Scores = scores.Pointer,
            Failures = (int*)failures.Pointer,
            Hidden = hidden,
            Consumer = consumer,
        };
        device.Workers.Run((candidates.Count + BlockCandidates - 1) / BlockCandidates, ref job);
        ThrowIfFailed(operation, failed);
    }

    /// <summary>Names the first query with a score that is NaN.</summary>
    /// <param name="failed">The first that each worker met; the largest number there is where it met none.</param>
    public static void ThrowIfFailed(string operation, ReadOnlySpan<int> failed)
    {
        var first = int.MaxValue;
        foreach (var query in failed)
        {
            first = Math.Min(first, query);
        }

        if (first != int.MaxValue)
        {
            throw new ArithmeticException($"{operation}: a score of query {first} is NaN; its query or an item's row holds NaN or infinities");
        }
    }

    /// <summary>The score of each query's target, bit for bit as <see cref="Run"/> computes it; 0 where the place is −1.</summary>
    public static void TargetScores(CpuDevice device, Tensor queries, Tensor items, Tensor? itemScales, CandidateList candidates, int* places, float* scores)
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
            Candidates = candidates.Pointer,
            Places = places,
            Scores = scores,
        };
        device.Workers.Run((queries.Rows + QueriesPerTargetChunk - 1) / QueriesPerTargetChunk, ref job);
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

        private readonly float Score(float* query, nint item) => ScorePanels.One(query, Items + (item * ItemStride), Columns,
            Scales is null ? 1 : Scales[item]);
    }

    private struct ScoreJob<TConsumer> : IChunkJob
        where TConsumer : struct, IScoreConsumer
    {
        public float* Queries;
        public nint QueryStride;
        public int FirstRow;
        public int Rows;
        public float* Items;
        public nint ItemStride;
        public float* Scales;
        public int Columns;
        public int* Candidates;
        public int Count;
        public float* Packed;
        public nint PackedValues;
        public float* Staged;
        public nint StagedValues;
        public float* Scores;
        public int* Failures;
        public HiddenPositions Hidden;
        public TConsumer Consumer;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var first = chunk * BlockCandidates;
            var count = Math.Min(BlockCandidates, Count - first);
            var width = ScorePanels.Width<TVector>();
            var packed = Packed + (worker * PackedValues);
            var scores = Scores + ((nint)worker * QueriesAtOnce * BlockCandidates);

            // Only the first queries pack: for the others the panels are there.
            var panelValues = Rows <= QueriesAtOnce ? 0 : width * (((nint)Columns + 3) & ~3);
            for (var query = 0; query < Rows; query += QueriesAtOnce)
            {
                var queries = Math.Min(QueriesAtOnce, Rows - query);
                var panel = packed;
                for (nint at = 0; at < count; at += width)
                {
                    if (query == 0)
                    {
                        Pack<TVector>(worker, first + (int)at, first + count, panel);
                    }

                    Score<TVector>(query, queries, panel, scores + at);
                    panel += panelValues;
                }

                for (var q = 0; q < queries; q++)
                {
                    Hand(worker, FirstRow + query + q, scores + ((nint)q * BlockCandidates), first, count);
                }
            }
        }

        /// <summary>Packs the candidates from a position on; behind the last the last again, for scores that nobody reads.</summary>
        private readonly void Pack<TVector>(int worker, int position, int end, float* panel)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var staged = Staged + ((nint)worker * StagedValues);
            var stride = ScorePanels.StagedStride(Columns);
            for (var i = 0; i < ScorePanels.Width<TVector>(); i++)
            {
                nint item = Candidates[Math.Min(position + i, end - 1)];
                ScorePanels.Stage<TVector>(Items + (item * ItemStride), Columns, Scales is null ? 1 : Scales[item], staged + (i * stride));
            }

            ScorePanels.Pack<TVector>(staged, Columns, panel);
        }

        private readonly void Score<TVector>(int first, int queries, float* panel, float* scores)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var query = Queries + (first * QueryStride);
            for (; queries >= ScorePanels.Queries; queries -= ScorePanels.Queries)
            {
                ScorePanels.ScoreFour<TVector>(
                    query, query + QueryStride, query + (2 * QueryStride), query + (3 * QueryStride), panel, Columns, scores, BlockCandidates);
                query += ScorePanels.Queries * QueryStride;
                scores += ScorePanels.Queries * BlockCandidates;
            }

            for (; queries > 0; queries--)
            {
                ScorePanels.ScoreOne<TVector>(query, panel, Columns, scores);
                query += QueryStride;
                scores += BlockCandidates;
            }
        }

        private readonly void Hand(int worker, int query, float* scores, int first, int count)
        {
            if (HasNaN(scores, count))
            {
                Failures[worker] = Math.Min(Failures[worker], query);
                return;
            }

            Hidden.Hide(query, scores, first, count);
            Consumer.Take(worker, query, scores, first, count);
        }

        private static bool HasNaN(float* scores, int count)
        {
            var ordered = Vector256<float>.AllBitsSet;
            var i = 0;
            for (; i + 8 <= count; i += 8)
            {
                var values = Vector256.Load(scores + i);
                ordered &= Vector256.Equals(values, values);
            }

            var found = !ordered.AsInt32().Equals(Vector256<int>.AllBitsSet);
            for (; i < count; i++)
            {
                found |= float.IsNaN(scores[i]);
            }

            return found;
        }
    }
}
