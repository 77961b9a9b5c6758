using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>
/// Runs a warp whose threads may have parted: of the parts that can go on, the one that stands first in the program goes, and parts that meet go on
/// as one. Parts that stand at a barrier or another meeting wait until all that it names are there.
/// </summary>
internal sealed class WarpScheduler(Warp warp, LaunchState launch)
{
    private readonly Instruction[] program = launch.Program.Instructions;
    private readonly List<(int Place, uint Mask)> runnable = [];
    private readonly List<(int Place, uint Mask)> waiting = [];
    private long budget;

    /// <summary>Place of the group barrier that the whole warp stands at; -1 once all threads have returned.</summary>
    public int Barrier { get; private set; }

    public void Start()
    {
        warp.Start();
        runnable.Clear();
        waiting.Clear();
        runnable.Add((0, warp.Live));
        budget = launch.Options.InstructionLimit;
    }

    /// <summary>Goes on behind the barrier that the warp stands at.</summary>
    public void Release()
    {
        runnable.Add((Barrier + 1, warp.Live));
    }

    /// <summary>Runs until all threads stand at one barrier of the group or have returned.</summary>
    public void Run()
    {
        Barrier = -1;
        while (Barrier < 0)
        {
            if (runnable.Count > 0)
            {
                RunPart();
            }
            else if (waiting.Count > 0)
            {
                Meet();
            }
            else
            {
                return;
            }
        }
    }

    private void RunPart()
    {
        var (place, mask) = TakeFirst();
        var next = FirstPlace();
        while (mask != 0)
        {
            if (place >= next)
            {
                Add(runnable, place, mask);
                return;
            }

            var instruction = program[place];
            warp.Current = instruction;
            var active = Guarded(instruction, mask);
            Count(place, active, mask);
            switch (instruction.Flow)
            {
                case Flow.Next:
                    if (active != 0)
                    {
                        warp.Execute(instruction, active);
                    }

                    place++;
                    break;
                case Flow.Branch:
                    CheckUniform(instruction, active, mask);
                    if (active == mask)
                    {
                        place = instruction.Target;
                    }
                    else if (active == 0)
                    {
                        place++;
                    }
                    else
                    {
                        Add(runnable, instruction.Target, active);
                        Add(runnable, place + 1, mask & ~active);
                        return;
                    }

                    break;
                case Flow.IndexedBranch:
                    BranchByIndex(instruction, place, active, mask);
                    return;
                case Flow.Exit:
                    CheckUniform(instruction, active, mask);
                    warp.Live &= ~active;
                    mask &= ~active;
                    place++;
                    break;
                default:
                    if ((mask & ~active) != 0)
                    {
                        Add(runnable, place + 1, mask & ~active);
                    }

                    if (active != 0)
                    {
                        Arrive(place, active);
                    }

                    return;
            }
        }
    }

    /// <summary>Lanes wait at a meeting; where all are there, it takes place.</summary>
    private void Arrive(int place, uint mask)
    {
        Add(waiting, place, mask);
        var index = waiting.FindIndex(w => w.Place == place);
        mask = waiting[index].Mask;
        if (Missing(program[place], mask) == 0)
        {
            TakePlace(index);
        }
    }

    /// <summary>Nobody can go on: one of the meetings must be complete by now, because others have returned.</summary>
    private void Meet()
    {
        for (var i = 0; i < waiting.Count; i++)
        {
            if (Missing(program[waiting[i].Place], waiting[i].Mask) == 0)
            {
                TakePlace(i);
                return;
            }
        }

        var (place, mask) = waiting[0];
        warp.Current = program[place];
        var missing = Missing(program[place], mask);
        var elsewhere = waiting.Count > 1 ? $" and stands at line {program[waiting[1].Place].Source.Number}" : "";
        throw warp.Fail(
            PtxErrorKind.DivergentBarrier,
            $"'{program[place].Opcode}' is executed by a part of the warp: thread {warp.Thread(BitOperations.TrailingZeroCount(missing))} is "
            + $"missing{elsewhere}",
            mask);
    }

    private void TakePlace(int index)
    {
        var (place, mask) = waiting[index];
        var instruction = program[place];
        waiting.RemoveAt(index);
        warp.Current = instruction;
        if (instruction.Flow == Flow.GroupBarrier)
        {
            warp.CheckOperands(instruction, mask);
            Barrier = place;
            return;
        }

        warp.Execute(instruction, mask);
        Add(runnable, place + 1, mask);
    }

    /// <summary>Live lanes that a meeting needs and that are not there.</summary>
    private uint Missing(Instruction instruction, uint mask)
    {
        if (instruction.Flow == Flow.GroupBarrier || instruction.Members < 0)
        {
            return warp.Live & ~mask;
        }

        warp.Current = instruction;
        return Members(instruction, mask) & warp.Live & ~mask;
    }

    private unsafe uint Members(Instruction instruction, uint mask)
    {
        warp.CheckWritten(instruction.Members, mask);
        var slot = warp.Slot(instruction.Members);
        var members = *(uint*)(slot + (BitOperations.TrailingZeroCount(mask) * 8));
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            var named = *(uint*)(slot + (lane * 8));
            if (named != members || (named & (1u << lane)) == 0)
            {
                throw warp.FailAt(PtxErrorKind.DivergentBarrier, $"the member mask 0x{named:x8} is not that of the other threads or lacks this one", lane);
            }
        }

        return members;
    }

    private void BranchByIndex(Instruction instruction, int place, uint active, uint mask)
    {
        warp.CheckOperands(instruction, active);
        if ((mask & ~active) != 0)
        {
            Add(runnable, place + 1, mask & ~active);
        }

        var first = -1;
        for (var rest = active; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            uint index;
            unsafe
            {
                index = *(uint*)(warp.Slot(instruction.A) + (lane * 8));
            }

            if (index >= instruction.Targets.Length)
            {
                throw warp.FailAt(PtxErrorKind.OutOfBounds, $"branch {index} of {instruction.Targets.Length} targets", lane);
            }

            var target = instruction.Targets[index];
            first = first < 0 ? target : first;
            if (instruction.Uniform && target != first)
            {
                throw warp.FailAt(PtxErrorKind.DivergentUniform, "a branch marked .uni leads threads of one warp to different places", lane);
            }

            Add(runnable, target, 1u << lane);
        }
    }

    private uint Guarded(Instruction instruction, uint mask)
    {
        if (instruction.Guard < 0)
        {
            return mask;
        }

        warp.CheckWritten(instruction.Guard, mask);
        var predicate = warp.Predicate(instruction.Guard);
        return mask & (instruction.GuardNegated ? ~predicate : predicate);
    }

    private void CheckUniform(Instruction instruction, uint active, uint mask)
    {
        if (instruction.Uniform && active != 0 && active != mask)
        {
            throw warp.Fail(PtxErrorKind.DivergentUniform,
                $"a branch marked .uni is taken by {BitOperations.PopCount(active)} of {BitOperations.PopCount(mask)} threads", active);
        }
    }

    private void Count(int place, uint active, uint mask)
    {
        launch.Counts.Warps[place]++;
        launch.Counts.Threads[place] += BitOperations.PopCount(active);
        if (--budget < 0)
        {
            throw warp.Fail(PtxErrorKind.TooManyInstructions, $"a warp has executed more than {launch.Options.InstructionLimit} instructions", mask);
        }
    }

    private (int Place, uint Mask) TakeFirst()
    {
        var first = 0;
        for (var i = 1; i < runnable.Count; i++)
        {
            first = runnable[i].Place < runnable[first].Place ? i : first;
        }

        var part = runnable[first];
        runnable.RemoveAt(first);
        return part;
    }

    private int FirstPlace()
    {
        var first = int.MaxValue;
        foreach (var (place, _) in runnable)
        {
            first = Math.Min(first, place);
        }

        return first;
    }

    private static void Add(List<(int Place, uint Mask)> parts, int place, uint mask)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Place == place)
            {
                parts[i] = (place, parts[i].Mask | mask);
                return;
            }
        }

        parts.Add((place, mask));
    }
}
