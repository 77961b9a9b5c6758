using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>A copy of the items whose rows start on whole registers: its loads are aligned and need no masks, at the price of one pass over the
/// table.</summary>
internal static unsafe class PaddedItems
{
    private const long MostBytes = 32L << 20;
    private const int RowsPerChunk = 512;

    /// <summary>Whether the rows are read often enough, and are few enough, for a copy.</summary>
    public static bool Pays(in SampledSoftmaxInputs inputs, int paddedColumns) =>
        (long)inputs.ItemCount * paddedColumns * sizeof(float) <= MostBytes && (long)inputs.TokenCount * inputs.NegativesPerToken >= 4L * inputs.ItemCount;

    /// <summary>Makes the copy and lets the inputs refer to it.</summary>
    public static void Copy(WorkerPool workers, ref SampledSoftmaxInputs inputs, float* destination, int paddedColumns)
    {
        var job = new Job
        {
            Source = inputs.Items,
            Stride = inputs.ItemStride,
            Columns = inputs.Columns,
            Rows = inputs.ItemCount,
            Destination = destination,
            PaddedColumns = paddedColumns,
        };
        workers.Run((inputs.ItemCount + RowsPerChunk - 1) / RowsPerChunk, ref job);
        inputs.Items = destination;
        inputs.ItemStride = paddedColumns;
        inputs.ItemColumns = paddedColumns;
    }

    private struct Job : IChunkJob
    {
        public float* Source;
        public nint Stride;
        public int Columns;
        public int Rows;
        public float* Destination;
        public int PaddedColumns;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var end = Math.Min(Rows, (chunk + 1) * RowsPerChunk);
            for (nint row = chunk * RowsPerChunk; row < end; row++)
            {
                var target = new Span<float>(Destination + (row * PaddedColumns), PaddedColumns);
                new ReadOnlySpan<float>(Source + (row * Stride), Columns).CopyTo(target);
                target[Columns..].Clear();
            }
        }
    }
}
