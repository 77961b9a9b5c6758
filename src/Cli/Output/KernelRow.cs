using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Cli.Output;

/// <summary>A kernel as <c>kernels list --format json</c> writes it.</summary>
internal sealed record KernelRow
{
    public required string Kernel { get; init; }

    public required string Family { get; init; }

    /// <summary>Which of the ways to do it.</summary>
    public required string Variant { get; init; }

    /// <summary>Threads of a group.</summary>
    public required int GroupSize { get; init; }

    public required string[] Targets { get; init; }

    /// <summary>From the checks' names to what is known of them.</summary>
    public required Dictionary<string, CheckState> Checks { get; init; }
}
