using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>32 threads that execute together: their registers, and which of them have written each.</summary>
internal sealed unsafe class Warp
{
    public const int Size = 32;

    /// <summary>Bytes of a slot: 8 for each lane, whatever the register's width.</summary>
    public const int SlotBytes = Size * 8;

    private readonly byte[] registers;
    private readonly byte* pointer;
    private readonly uint[] written;
    private readonly LaunchState launch;
    private readonly ThreadGroup group;

    public Warp(ThreadGroup group, LaunchState launch, int index)
    {
        this.group = group;
        this.launch = launch;
        Index = index;
        registers = GC.AllocateArray<byte>((launch.Program.Slots * SlotBytes) + 1, pinned: true);
        pointer = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref registers[0]);
        written = new uint[launch.Program.Slots];
        Memory = new MemoryUnit(this, group, launch);
        Copies = new CopyQueue(this);
        Members = group.Threads - (index * Size) >= Size ? uint.MaxValue : (1u << (group.Threads - (index * Size))) - 1;
    }

    /// <summary>Number of the warp in its group.</summary>
    public int Index { get; }

    /// <summary>Lanes that have a thread.</summary>
    public uint Members { get; }

    /// <summary>Lanes whose thread has not returned.</summary>
    public uint Live { get; set; }

    /// <summary>Rises at each barrier of the warp.</summary>
    public int MeetingEpoch { get; set; }

    /// <summary>The instruction under way, for error messages.</summary>
    public Instruction Current { get; set; } = null!;

    public MemoryUnit Memory { get; }

    public CopyQueue Copies { get; }

    public byte[] Parameters => launch.Parameters;

    /// <summary>Linear index of a lane's thread in its group.</summary>
    public int Thread(int lane) => (Index * Size) + lane;

    public byte* Slot(int slot) => pointer + (slot * SlotBytes);

    public uint Predicate(int slot) => *(uint*)Slot(slot);

    /// <summary>Sets a predicate for the lanes of <paramref name="mask"/>.</summary>
    public void SetPredicate(int slot, uint bits, uint mask)
    {
        var predicate = (uint*)Slot(slot);
        *predicate = (*predicate & ~mask) | (bits & mask);
    }

    public ulong Address(Instruction instruction, int slot, int lane) =>
        (instruction.ShortAddress ? *(uint*)(Slot(slot) + (lane * 8)) : *(ulong*)(Slot(slot) + (lane * 8))) + (ulong)instruction.Immediate;

    /// <summary>Takes back that lanes have written a register: its value is not defined for them.</summary>
    public void Undefine(int slot, uint mask) => written[slot] &= ~mask;

    public void Start()
    {
        Live = Members;
        MeetingEpoch = 0;
        written.AsSpan().Clear();
        Copies.Clear();
        foreach (var (slot, bits) in launch.Program.Constants)
        {
            new Span<ulong>(Slot(slot), Size).Fill(bits);
            written[slot] = uint.MaxValue;
        }

        foreach (var (slot, register) in launch.Program.Specials)
        {
            for (var lane = 0; lane < Size; lane++)
            {
                *(ulong*)(Slot(slot) + (lane * 8)) = Special(register, lane);
            }

            written[slot] = uint.MaxValue;
        }
    }

    /// <summary>Runs a plain instruction for the lanes of <paramref name="mask"/>.</summary>
    public void Execute(Instruction instruction, uint mask)
    {
        CheckOperands(instruction, mask);
        foreach (var slot in instruction.Results)
        {
            written[slot] |= mask;
        }

        instruction.Action!(this, instruction, mask);
    }

    public void CheckOperands(Instruction instruction, uint mask)
    {
        foreach (var slot in instruction.Operands)
        {
            CheckWritten(slot, mask);
        }
    }

    public void CheckWritten(int slot, uint mask)
    {
        if ((mask & ~written[slot]) != 0)
        {
            throw Fail(PtxErrorKind.UnwrittenRegister, "a register is used that this thread has not written", mask & ~written[slot]);
        }
    }

    /// <summary>Gives the result of <c>bar.red</c>: how many of the group's threads came with a true predicate, or whether any or all did.</summary>
    public void Barrier(Instruction instruction, uint count, int threads)
    {
        var result = instruction.Results[0];
        written[result] |= Live;
        switch ((BarrierReduction)instruction.Variant)
        {
            case BarrierReduction.Count:
                for (var lane = 0; lane < Size; lane++)
                {
                    *(uint*)(Slot(result) + (lane * 8)) = count;
                }

                break;
            case BarrierReduction.All:
                SetPredicate(result, count == threads ? uint.MaxValue : 0, Live);
                break;
            default:
                SetPredicate(result, count > 0 ? uint.MaxValue : 0, Live);
                break;
        }
    }

    /// <summary>An error of the first lane of <paramref name="mask"/> in the current instruction.</summary>
    public PtxException Fail(PtxErrorKind kind, string message, uint mask) => FailAt(kind, message, BitOperations.TrailingZeroCount(mask));

    public PtxException FailAt(PtxErrorKind kind, string message, int lane) => new(kind, message, Current.Source, Thread(lane), group.Index);

    private ulong Special(SpecialRegister register, int lane)
    {
        var thread = Thread(lane);
        var block = launch.Block;
        return register switch
        {
            SpecialRegister.ThreadX => (ulong)(thread % block.X),
            SpecialRegister.ThreadY => (ulong)(thread / block.X % block.Y),
            SpecialRegister.ThreadZ => (ulong)(thread / block.X / block.Y),
            SpecialRegister.BlockX => (ulong)block.X,
            SpecialRegister.BlockY => (ulong)block.Y,
            SpecialRegister.BlockZ => (ulong)block.Z,
            SpecialRegister.GroupX => (ulong)(group.Index % launch.Grid.X),
            SpecialRegister.GroupY => (ulong)(group.Index / launch.Grid.X % launch.Grid.Y),
            SpecialRegister.GroupZ => (ulong)(group.Index / launch.Grid.X / launch.Grid.Y),
            SpecialRegister.GridX => (ulong)launch.Grid.X,
            SpecialRegister.GridY => (ulong)launch.Grid.Y,
            SpecialRegister.GridZ => (ulong)launch.Grid.Z,
            SpecialRegister.Lane => (ulong)lane,
            SpecialRegister.Warp => (ulong)Index,
            SpecialRegister.Warps => (ulong)group.WarpCount,
            SpecialRegister.LaneMaskEqual => 1UL << lane,
            SpecialRegister.LaneMaskLess => (1UL << lane) - 1,
            SpecialRegister.LaneMaskLessOrEqual => (2UL << lane) - 1,
            SpecialRegister.LaneMaskGreater => uint.MaxValue & ~((2UL << lane) - 1),
            SpecialRegister.LaneMaskGreaterOrEqual => uint.MaxValue & ~((1UL << lane) - 1),
            _ => (ulong)launch.Options.DynamicSharedBytes,
        };
    }
}
