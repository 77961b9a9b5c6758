namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>How a launch runs and what it watches.</summary>
public sealed record LaunchOptions
{
    /// <summary>Bytes of dynamic shared memory.</summary>
    public int DynamicSharedBytes { get; init; }

    /// <summary>Instructions that one warp may execute before it is taken for an endless loop.</summary>
    public long InstructionLimit { get; init; } = 20_000_000;

    /// <summary>Whether races on buffers are looked for, within and across groups; those on shared memory always are.</summary>
    public bool WatchBuffers { get; init; } = true;
}
