using System.Runtime.InteropServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// The sampled softmax with its gradients for a catalogue of moderate size: the tokens fall into a few groups of consecutive ones, each group adds up a
/// gradient table of its own in token order, and the tables are added in group order. How many groups there are depends on the shape alone.
/// </summary>
/// <remarks>
/// Within a group a few hundred tokens first go through the forward pass, which reads the items, and then through the item gradient, which reads and
/// writes the group's table: either table by itself fits in the second-level cache of a core where both do not.
/// </remarks>
internal static unsafe class ItemGradientTables
{
    private const int MostGroups = 8;
    private const int FewestGroups = 4;
    private const int FewestTokensPerGroup = 256;
    private const int TokensPerPhase = 256;
    private const int RowsPerChunk = 256;

    /// <summary>Groups of tokens, or 0 where tables of at least a few groups take more than these bytes.</summary>
    public static int GroupsFor(int tokens, int catalogueRows, int paddedColumns, long tableBytes)
    {
        var wanted = Math.Clamp(tokens / FewestTokensPerGroup, 1, MostGroups);
        var fitting = tableBytes / Math.Max(1, (long)catalogueRows * paddedColumns * sizeof(float));
        return fitting >= Math.Min(wanted, FewestGroups) ? (int)Math.Min(wanted, fitting) : 0;
    }

    /// <summary>Returns the sum of the tokens' losses, unweighted.</summary>
    public static double Run(CpuDevice device, in SampledSoftmaxInputs inputs, Tensor queryGradient, Tensor itemGradient, int groups, int paddedColumns)
    {
        var coefficientStride = inputs.NegativesPerToken + 1;
        var tokenFloats = SampledSoftmaxScratch.Floats(inputs.Columns, inputs.NegativesPerToken);
        var workerFloats = tokenFloats + ((((long)TokensPerPhase * coefficientStride) + 15) / 16 * 16);
        var tableFloats = (long)inputs.ItemCount * paddedColumns;
        using var workers = device.Scratch.Rent(workerFloats * device.Threads);
        using var tables = device.Scratch.Rent(tableFloats * groups);
        using var partials = device.Scratch.Rent(ChunkResults.Floats(groups));
        var job = new GroupJob
        {
            Inputs = inputs,
            TokensPerGroup = (inputs.TokenCount + groups - 1) / groups,
            QueryGradient = CpuDevice.Pointer(queryGradient),
            QueryGradientStride = queryGradient.RowStride,
            Tables = tables.Pointer,
            TableFloats = tableFloats,
            TableStride = paddedColumns,
            Scratch = workers.Pointer,
            WorkerFloats = workerFloats,
            TokenFloats = tokenFloats,
            Results = new ChunkResults(partials.Pointer, groups),
        };
        device.Workers.Run(groups, ref job);
        var sum = job.Results.Sum(inputs);

        var adding = new AddJob
        {
            Tables = tables.Pointer,
            TableFloats = tableFloats,
            TableStride = paddedColumns,
            Groups = groups,
            Rows = inputs.ItemCount,
            Columns = inputs.Columns,
            Gradient = CpuDevice.Pointer(itemGradient),
            GradientStride = itemGradient.RowStride,
        };
        device.Workers.Run((inputs.ItemCount + RowsPerChunk - 1) / RowsPerChunk, ref adding);
        return sum;
    }

    private struct GroupJob : IChunkJob
    {
        public SampledSoftmaxInputs Inputs;
        public int TokensPerGroup;
        public float* QueryGradient;
        public nint QueryGradientStride;
        public float* Tables;
        public long TableFloats;
        public int TableStride;
        public float* Scratch;
        public long WorkerFloats;
        public long TokenFloats;
        public ChunkResults Results;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var memory = Scratch + (worker * WorkerFloats);
            var scratch = new SampledSoftmaxScratch(memory, Inputs.Columns, Inputs.NegativesPerToken);
            var coefficients = memory + TokenFloats;
            var table = Tables + (chunk * TableFloats);
            NativeMemory.Clear(table, (nuint)(TableFloats * sizeof(float)));
            var start = (int)Math.Min(Inputs.TokenCount, (long)chunk * TokensPerGroup);
            var end = (int)Math.Min(Inputs.TokenCount, (long)start + TokensPerGroup);
            var sum = 0.0;
            for (var first = start; first < end; first += TokensPerPhase)
            {
                var last = Math.Min(end, first + TokensPerPhase);
                for (var token = first; token < last; token++)
                {
                    var outside = SampledSoftmaxToken.FetchIds(Inputs, token, scratch, out var ids, out var collides);
                    if (outside != Inputs.NegativesPerToken)
                    {
                        Results.Fail(chunk, token, outside);
                        return;
                    }

                    var gradient = QueryGradient + (token * QueryGradientStride);
                    if (Inputs.Labels[token] == 0)
                    {
                        new Span<float>(gradient, Inputs.Columns).Clear();
                        continue;
                    }

                    var ofToken = coefficients + ((token - first) * (nint)(Inputs.NegativesPerToken + 1));
                    sum += SampledSoftmaxToken.Run<TVector>(Inputs, token, ids, collides, scratch, ofToken, gradient);
                }

                AddItems<TVector>(first, last, scratch.Query, coefficients, table);
            }

            Results.Set(chunk, sum);
        }

        private readonly void AddItems<TVector>(int first, int last, float* query, float* coefficients, float* table)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var count = Inputs.NegativesPerToken;
            var vectors = TableStride / TVector.Width;
            for (var token = first; token < last; token++)
            {
                if (Inputs.Labels[token] == 0)
                {
                    continue;
                }

                SampledSoftmaxToken.ScaleQuery<TVector>(Inputs, token, query);
                var ofToken = coefficients + ((token - first) * (nint)(count + 1));
                WeightedRows.Scatter<TVector>(query, vectors, table, TableStride, Inputs.Labels + token, ofToken + count, 1);
                WeightedRows.Scatter<TVector>(query, vectors, table, TableStride, Inputs.Negatives + ((long)token * count), ofToken, count);
            }
        }
    }

    private struct AddJob : IChunkJob
    {
        public float* Tables;
        public long TableFloats;
        public int TableStride;
        public int Groups;
        public int Rows;
        public int Columns;
        public float* Gradient;
        public nint GradientStride;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            nint tail = Columns % TVector.Width;
            var whole = Columns - tail;
            var mask = TVector.Mask((int)tail);
            var end = Math.Min(Rows, (chunk + 1) * RowsPerChunk);
            for (nint row = chunk * RowsPerChunk; row < end; row++)
            {
                var source = Tables + (row * TableStride);
                var target = Gradient + (row * GradientStride);
                for (nint d = 0; d < whole; d += TVector.Width)
                {
                    TVector.Store(Sum<TVector>(source + d), target + d);
                }

                if (tail > 0)
                {
                    TVector.StoreMasked(Sum<TVector>(source + whole), target + whole, mask);
                }
            }
        }

        private readonly TVector Sum<TVector>(float* first)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var sum = TVector.Load(first);
            for (var group = 1; group < Groups; group++)
            {
                sum += TVector.Load(first + (group * TableFloats));
            }

            return sum;
        }
    }
}
