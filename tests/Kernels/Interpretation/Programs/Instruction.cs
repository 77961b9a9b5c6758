using LargeRec.Kernels.Tests.Interpretation.Execution;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Executes one instruction for the lanes of a warp that are set in <paramref name="mask"/>.</summary>
internal delegate void LaneAction(Warp warp, Instruction instruction, uint mask);

/// <summary>How control goes on after an instruction.</summary>
internal enum Flow
{
    Next,
    Branch,
    IndexedBranch,
    Exit,

    /// <summary>All threads of the group meet.</summary>
    GroupBarrier,

    /// <summary>The lanes of a member mask meet, then the action runs for all of them at once.</summary>
    WarpMeeting,
}

/// <summary>A decoded instruction: operands are slot numbers of the register file, so that a run looks nothing up by name.</summary>
internal sealed class Instruction
{
    public required SourceLine Source { get; init; }

    public required string Opcode { get; init; }

    public LaneAction? Action { get; set; }

    public Flow Flow { get; set; }

    /// <summary>Slot of the guarding predicate, -1 without one.</summary>
    public int Guard { get; init; } = -1;

    public bool GuardNegated { get; init; }

    /// <summary>Slots of the results.</summary>
    public int[] Results { get; set; } = [];

    /// <summary>Slots of the operands.</summary>
    public int[] Operands { get; set; } = [];

    /// <summary>Constant part of an address, or another number that the action reads.</summary>
    public long Immediate { get; set; }

    /// <summary>A variant that the action tells apart.</summary>
    public int Variant { get; set; }

    public PtxSpace Space { get; set; }

    /// <summary>Whether the address operand is 32 bits wide.</summary>
    public bool ShortAddress { get; set; }

    /// <summary>Place in the program that a branch leads to.</summary>
    public int Target { get; set; } = -1;

    public int[] Targets { get; set; } = [];

    /// <summary>Marked <c>.uni</c>: the warp's threads must agree.</summary>
    public bool Uniform { get; set; }

    /// <summary>Slot of the member mask of a <see cref="Flow.WarpMeeting"/>; -1 for the whole warp.</summary>
    public int Members { get; set; } = -1;

    /// <summary>First result, operands one to three: short names for the inner loops.</summary>
    public int D => Results[0];

    public int A => Operands[0];

    public int B => Operands[1];

    public int C => Operands[2];
}
