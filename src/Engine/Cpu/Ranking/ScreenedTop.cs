using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// The best candidates by way of a screen: only those whose bound reaches the worst of the best so far are scored, by the very chain that scores every
/// candidate elsewhere. Lists, scores and errors are therefore bit for bit those of scoring all.
/// </summary>
internal static unsafe class ScreenedTop
{
    /// <summary>Candidates of a chunk; a multiple of every screen's panels.</summary>
    public const int BlockCandidates = 512;

    /// <summary>So few are scored one by one rather than by a panel.</summary>
    private const int FewRows = 4;

    /// <exception cref="ArithmeticException">A score is NaN; the query is named.</exception>
    public static void Run<TScreen>(
        CpuDevice device,
        string operation,
        Tensor queries,
        Range range,
        Tensor items,
        CandidateList candidates,
        HiddenPositions hidden,
        TScreen screen,
        TopCollector collector)
        where TScreen : struct, IScoreScreen
    {
        var (first, rows) = range.GetOffsetAndLength(queries.Rows);
        if (rows == 0 || candidates.Count == 0)
        {
            return;
        }

        var stagedValues = ScorePanels.MostRows * ScorePanels.StagedStride(queries.Columns);
        using var staged = device.Scratch.Rent((long)stagedValues * device.Threads);
        using var packed = device.Scratch.Rent((long)stagedValues * device.Threads);
        using var failures = device.Scratch.Rent(device.Threads);
        var failed = new Span<int>((int*)failures.Pointer, device.Threads);
        failed.Fill(int.MaxValue);
        var job = new Job<TScreen>
        {
            Queries = CpuDevice.Pointer(queries),
            QueryStride = queries.RowStride,
            FirstQuery = first,
            EndQuery = first + rows,
            Items = CpuDevice.Pointer(items),
            ItemStride = items.RowStride,
            Columns = queries.Columns,
            Candidates = candidates.Pointer,
            Count = candidates.Count,
            Staged = staged.Pointer,
            Packed = packed.Pointer,
            PanelValues = stagedValues,
            Failures = (int*)failures.Pointer,
            Hidden = hidden,
            Screen = screen,
            Collector = collector,
        };
        device.Workers.Run((candidates.Count + BlockCandidates - 1) / BlockCandidates, ref job);
        ScoreStream.ThrowIfFailed(operation, failed);
    }

    private struct Job<TScreen> : IChunkJob
        where TScreen : struct, IScoreScreen
    {
        public float* Queries;
        public nint QueryStride;
        public int FirstQuery;
        public int EndQuery;
        public float* Items;
        public nint ItemStride;
        public int Columns;
        public int* Candidates;
        public int Count;
        public float* Staged;
        public float* Packed;
        public nint PanelValues;
        public int* Failures;
        public HiddenPositions Hidden;
        public TScreen Screen;
        public TopCollector Collector;

        [SkipLocalsInit]
        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var first = chunk * BlockCandidates;
            var count = Math.Min(BlockCandidates, Count - first);
            var bounds = stackalloc float[BlockCandidates];
            var reaching = stackalloc int[BlockCandidates];
            for (var query = FirstQuery; query < EndQuery; query++)
            {
                Screen.Bounds<TVector>(query, first, count, bounds);
                var found = Reaching(bounds, count, Collector.Bar(worker, query), first, reaching);
                for (var i = 0; i < found; i += ScorePanels.Width<TVector>())
                {
                    Rescore<TVector>(worker, query, reaching + i, Math.Min(ScorePanels.Width<TVector>(), found - i));
                }
            }
        }

        /// <summary>The positions of the candidates that no bound keeps below the bar.</summary>
        private static int Reaching(float* bounds, int count, float bar, int first, int* reaching)
        {
            var found = 0;
            var i = 0;
            for (; i + 8 <= count; i += 8)
            {
                var open = ~Vector256.LessThan(Vector256.Load(bounds + i), Vector256.Create(bar)).ExtractMostSignificantBits() & 0xff;
                for (; open != 0; open &= open - 1)
                {
                    reaching[found++] = first + i + BitOperations.TrailingZeroCount(open);
                }
            }

            for (; i < count; i++)
            {
                if (!(bounds[i] < bar))
                {
                    reaching[found++] = first + i;
                }
            }

            return found;
        }

        [SkipLocalsInit]
        private readonly void Rescore<TVector>(int worker, int query, int* positions, int count)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var scores = stackalloc float[ScorePanels.MostRows];
            var q = Queries + (query * QueryStride);
            if (count <= FewRows)
            {
                for (var i = 0; i < count; i++)
                {
                    scores[i] = ScorePanels.One(q, Row(positions[i]), Columns);
                }
            }
            else
            {
                var staged = Staged + (worker * PanelValues);
                nint stride = ScorePanels.StagedStride(Columns);
                for (var i = 0; i < ScorePanels.Width<TVector>(); i++)
                {
                    ScorePanels.Stage<TVector>(Row(positions[Math.Min(i, count - 1)]), Columns, 1, staged + (i * stride));
                }

                ScorePanels.Pack<TVector>(staged, Columns, Packed + (worker * PanelValues));
                ScorePanels.ScoreOne<TVector>(q, Packed + (worker * PanelValues), Columns, scores);
            }

            for (var i = 0; i < count; i++)
            {
                if (float.IsNaN(scores[i]))
                {
                    Failures[worker] = Math.Min(Failures[worker], query);
                }
                else if (!Hidden.Contains(query, positions[i]))
                {
                    Collector.Note(worker, query, scores[i], positions[i]);
                }
            }
        }

        private readonly float* Row(int position) => Items + (Candidates[position] * ItemStride);
    }
}
