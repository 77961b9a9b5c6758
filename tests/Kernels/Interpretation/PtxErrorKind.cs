namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>What the interpreter can find wrong with a PTX text or with its run.</summary>
public enum PtxErrorKind
{
    /// <summary>The text is not PTX as the parser knows it.</summary>
    Syntax,

    /// <summary>An instruction, modifier, directive or special register that is not implemented: never guessed.</summary>
    UnknownInstruction,

    /// <summary>A call, label, register or variable that is declared nowhere, or a function that is declared but has no body.</summary>
    Undefined,

    /// <summary>An operand whose width or kind does not fit the instruction's type.</summary>
    Operand,

    /// <summary>The arguments, the grid or the block of a launch do not fit the kernel.</summary>
    Launch,

    /// <summary>An access whose address is not a multiple of its size.</summary>
    Misaligned,

    /// <summary>An access outside of every buffer and variable, or a write to read-only memory.</summary>
    OutOfBounds,

    /// <summary>A read of memory that nothing has written.</summary>
    UnwrittenMemory,

    /// <summary>A use of a register that this thread has not written.</summary>
    UnwrittenRegister,

    /// <summary>Two threads touch the same place, one of them writing, and nothing orders them.</summary>
    Race,

    /// <summary>Threads of a group wait at different barriers, or threads of a warp do not meet at a warp-wide instruction.</summary>
    DivergentBarrier,

    /// <summary>A thread has returned while others of its group wait at a barrier.</summary>
    MissingThread,

    /// <summary>A branch marked <c>.uni</c> is taken by some threads of a warp only.</summary>
    DivergentUniform,

    /// <summary>An asynchronous copy's target is touched before it was waited for.</summary>
    UnsettledCopy,

    /// <summary>A warp has executed more instructions than the launch allows: a loop without end.</summary>
    TooManyInstructions,

    /// <summary>An operation whose result PTX leaves open, such as an integer division by zero.</summary>
    Unspecified,

    /// <summary>The program executed <c>trap</c>.</summary>
    Trap,
}
