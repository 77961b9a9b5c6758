namespace LargeRec.Retrieval.Configuration;

/// <summary>The size and seed of a generated log.</summary>
public sealed record GeneratorConfiguration
{
    public int Users { get; init; } = 2000;

    public int Items { get; init; } = 1000;

    /// <summary>Chooses the log; the run's own seed is <see cref="TrainingConfiguration.Seed"/>.</summary>
    public ulong Seed { get; init; } = 1;
}
