namespace LargeRec.Cli.Output;

/// <summary>A finding as <c>kernels lint --format json</c> writes it.</summary>
internal sealed record LintRow
{
    public required string Kernel { get; init; }

    public required string Where { get; init; }

    public required string Rule { get; init; }

    public required string Text { get; init; }
}
