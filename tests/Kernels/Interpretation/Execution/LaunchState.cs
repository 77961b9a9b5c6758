using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>What all groups of a launch have in common.</summary>
internal sealed class LaunchState
{
    public required Program Program { get; init; }

    public required LaunchSize Grid { get; init; }

    public required LaunchSize Block { get; init; }

    public required byte[] Parameters { get; init; }

    public required IReadOnlyList<Segment> Buffers { get; init; }

    public required Segment[] Module { get; init; }

    public required LaunchOptions Options { get; init; }

    /// <summary>First epoch of this launch.</summary>
    public required int FirstEpoch { get; init; }

    public int Epoch { get; set; }

    public required LaunchCounts Counts { get; init; }
}
