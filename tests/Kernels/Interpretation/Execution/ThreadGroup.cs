using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>A group of threads: its shared memory, its warps and the barriers between them.</summary>
internal sealed unsafe class ThreadGroup
{
    private readonly LaunchState launch;
    private readonly Warp[] warps;
    private readonly WarpScheduler[] schedulers;

    public ThreadGroup(LaunchState launch)
    {
        this.launch = launch;
        Threads = (int)launch.Block.Count;
        Shared = [.. launch.Program.Shared.Select(v => SharedSegment(v, launch))];
        Local = [.. launch.Program.Local.Select(v => new Segment(v.Name, v.Length, isWritten: false, Threads))];
        warps = [.. Enumerable.Range(0, WarpCount).Select(i => new Warp(this, launch, i))];
        schedulers = [.. warps.Select(w => new WarpScheduler(w, launch))];
    }

    /// <summary>Linear index in the grid.</summary>
    public int Index { get; private set; }

    /// <summary>Accesses to shared memory of earlier epochs belong to earlier groups.</summary>
    public int FirstEpoch { get; private set; }

    public int Threads { get; }

    public int WarpCount => (Threads + Warp.Size - 1) / Warp.Size;

    public Segment[] Shared { get; }

    public Segment[] Local { get; }

    /// <summary>Runs the group <paramref name="index"/> to its end.</summary>
    public void Run(int index)
    {
        Index = index;
        launch.Epoch++;
        FirstEpoch = launch.Epoch;
        foreach (var segment in Shared.Concat(Local))
        {
            segment.Forget();
        }

        foreach (var scheduler in schedulers)
        {
            scheduler.Start();
        }

        while (true)
        {
            foreach (var scheduler in schedulers)
            {
                scheduler.Run();
            }

            var barrier = schedulers.Max(s => s.Barrier);
            if (barrier < 0)
            {
                return;
            }

            Pass(barrier);
        }
    }

    /// <summary>Lets all threads through the barrier at which all must stand.</summary>
    private void Pass(int barrier)
    {
        var instruction = launch.Program.Instructions[barrier];
        var waiting = warps[Array.FindIndex(schedulers, s => s.Barrier == barrier)];
        waiting.Current = instruction;
        for (var i = 0; i < warps.Length; i++)
        {
            var gone = warps[i].Members & ~warps[i].Live;
            if (gone != 0)
            {
                var thread = warps[i].Thread(BitOperations.TrailingZeroCount(gone));
                throw waiting.Fail(PtxErrorKind.MissingThread, $"this thread waits at a barrier, thread {thread} has returned", waiting.Live);
            }

            if (schedulers[i].Barrier != barrier)
            {
                var line = launch.Program.Instructions[schedulers[i].Barrier].Source.Number;
                throw waiting.Fail(
                    PtxErrorKind.DivergentBarrier, $"this thread waits at a barrier, thread {warps[i].Thread(0)} at another, of line {line}", waiting.Live);
            }
        }

        launch.Epoch++;
        if (instruction.Operands.Length > 0)
        {
            Reduce(instruction);
        }

        foreach (var scheduler in schedulers)
        {
            scheduler.Release();
        }
    }

    /// <summary>The result of <c>bar.red</c> over all threads.</summary>
    private void Reduce(Instruction instruction)
    {
        var count = warps.Sum(w => BitOperations.PopCount(w.Predicate(instruction.A) & w.Live));
        foreach (var warp in warps)
        {
            warp.Current = instruction;
            warp.Barrier(instruction, (uint)count, Threads);
        }
    }

    private static Segment SharedSegment(VariablePlace variable, LaunchState launch)
    {
        var length = variable.Length < 0 ? launch.Options.DynamicSharedBytes : variable.Length;
        return new Segment(variable.Name, length, isWritten: false) { History = new AccessHistory(length, launch.Program.SharedGrain) };
    }
}
