namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>An entry ready to run.</summary>
internal sealed class Program
{
    public required string Name { get; init; }

    public required Instruction[] Instructions { get; init; }

    public required ParameterPlace[] Parameters { get; init; }

    public required int ParameterBytes { get; init; }

    /// <summary>Slots in the register file: declared registers, constants and special registers.</summary>
    public required int Slots { get; init; }

    public required (int Slot, ulong Bits)[] Constants { get; init; }

    public required (int Slot, SpecialRegister Register)[] Specials { get; init; }

    public required VariablePlace[] Shared { get; init; }

    public required VariablePlace[] Local { get; init; }

    public required VariablePlace[] Module { get; init; }

    /// <summary>Bytes of the narrowest access to shared memory: the grain at which races are told.</summary>
    public required int SharedGrain { get; init; }

    /// <summary>The same of global memory.</summary>
    public required int GlobalGrain { get; init; }
}

/// <summary>Where a parameter of an entry lies in the parameter block.</summary>
internal readonly record struct ParameterPlace(string Name, int Offset, int Length);

/// <summary>A variable of a state space, by its order; Length -1: as long as the launch says.</summary>
internal sealed record VariablePlace(string Name, PtxSpace Space, long Length, byte[]? Initial);

/// <summary>Registers that the hardware fills.</summary>
internal enum SpecialRegister
{
    ThreadX,
    ThreadY,
    ThreadZ,
    BlockX,
    BlockY,
    BlockZ,
    GroupX,
    GroupY,
    GroupZ,
    GridX,
    GridY,
    GridZ,
    Lane,
    Warp,
    Warps,
    LaneMaskEqual,
    LaneMaskLess,
    LaneMaskLessOrEqual,
    LaneMaskGreater,
    LaneMaskGreaterOrEqual,
    DynamicSharedBytes,
}
