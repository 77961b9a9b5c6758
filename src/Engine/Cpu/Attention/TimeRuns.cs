using System.Runtime.CompilerServices;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// For every row of a batch the runs of key columns whose time difference to the row's next event is in the same bucket. Times are sorted, so the
/// bucket never rises along a row: a row has as many runs as it has buckets, and the whole takes memory linear in the tokens. Made once a batch, used by
/// every layer, forward and backward; it belongs to the step that was open.
/// </summary>
/// <remarks>
/// A run is one integer: the column behind its last above, the bucket in the lowest 8 bits. The runs of a row follow each other up to the one
/// that ends behind the row's own column.
/// </remarks>
internal sealed unsafe class TimeRuns
{
    /// <summary>Rows that one chunk of the work prepares.</summary>
    private const int BlockRows = 256;

    private readonly CpuDevice _device;
    private readonly IndexTensor _runs;
    private readonly IndexTensor _starts;

    private TimeRuns(CpuDevice device, IndexTensor runs, IndexTensor starts) => (_device, _runs, _starts) = (device, runs, starts);

    /// <summary>The runs of all rows.</summary>
    public uint* Runs => (uint*)CpuDevice.Pointer(_runs);

    /// <summary>[T], where a row's runs begin.</summary>
    public int* Starts => CpuDevice.Pointer(_starts);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End(uint run) => (int)(run >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bucket(uint run) => (int)(run & 0xff);

    /// <summary>The runs of a layout, prepared unless they have been on this device and in this step.</summary>
    public static TimeRuns Of(CpuDevice device, JaggedLayout layout)
    {
        if (layout.Preparation is TimeRuns known && ReferenceEquals(known._device, device) && known._runs.IsAlive && known._starts.IsAlive)
        {
            return known;
        }

        var runs = Prepare(device, layout);
        layout.Preparation = runs;
        return runs;
    }

    private static TimeRuns Prepare(CpuDevice device, JaggedLayout layout)
    {
        var blocks = 0;
        long capacity = 0;
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var (start, end) = (layout.Offsets[sequence], layout.Offsets[sequence + 1]);
            for (var row = 0; row < end - start; row += BlockRows)
            {
                blocks++;
                capacity += Capacity(layout, start, row, Math.Min(end - start, row + BlockRows));
            }
        }

        using var scratch = device.Scratch.Rent(blocks * 4);
        var runs = device.AllocateIndices(checked((int)capacity));
        var starts = device.AllocateIndices(layout.Tokens);
        var job = new TimeRunsJob
        {
            Blocks = (TimeRunsJob.Block*)scratch.Pointer,
            Runs = (uint*)CpuDevice.Pointer(runs),
            Starts = CpuDevice.Pointer(starts),
        };
        var (block, place) = (0, 0);
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var (start, end) = (layout.Offsets[sequence], layout.Offsets[sequence + 1]);
            for (var row = 0; row < end - start; row += BlockRows)
            {
                var last = Math.Min(end - start, row + BlockRows);
                job.Blocks[block++] = new(start, row, last, place);
                place += (int)Capacity(layout, start, row, last);
            }
        }

        fixed (int* events = layout.EventSeconds, next = layout.NextSeconds)
        {
            job.EventSeconds = events;
            job.NextSeconds = next;
            device.Workers.Run(blocks, ref job);
        }

        return new TimeRuns(device, runs, starts);
    }

    /// <summary>The most runs that a block of rows can have: a row has no more than columns, and no more than buckets up to that of its longest
    /// difference.</summary>
    private static long Capacity(JaggedLayout layout, int start, int row, int end)
    {
        var longest = (long)layout.NextSeconds[start + end - 1] - layout.EventSeconds![start];
        return (long)Math.Min(end, TimeBuckets.Of(longest) + 1) * (end - row);
    }
}
