using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The size and seed of a generated log.</summary>
public sealed record GeneratorConfiguration
{
    [Description("Users of the generated log.")]
    public int Users { get; init; } = 2000;

    [Description("Items of the generated log.")]
    public int Items { get; init; } = 1000;

    [Description("Chooses the log; the run's own seed is training.seed.")]
    public ulong Seed { get; init; } = 1;
}
