using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>Rows that do not depend on each other, a block of them a chunk.</summary>
internal readonly struct RowJob<TKernel>(RowSplit split, TKernel kernel) : IChunkJob
    where TKernel : struct, IRowKernel
{
    private readonly RowSplit _split = split;
    private readonly TKernel _kernel = kernel;

    /// <summary>Runs the kernel on every row of the split.</summary>
    public static void Run(WorkerPool workers, RowSplit split, TKernel kernel)
    {
        var job = new RowJob<TKernel>(split, kernel);
        workers.Run(split.Chunks, ref job);
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        // The copy keeps the kernel's fields out of the memory that every thread shares, so that they may live in registers.
        var kernel = _kernel;
        var (row, end) = _split.RowsOf(chunk);
        var ahead = _split.RowsAhead;
        for (; row < end; row++)
        {
            kernel.Prefetch(row + ahead, _split.ColumnsOf(row));
            kernel.Row<TVector>(row, _split.ColumnsOf(row), worker);
        }
    }
}
