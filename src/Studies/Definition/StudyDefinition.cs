using LargeRec.Retrieval.Configuration;

namespace LargeRec.Studies.Definition;

/// <summary>What a study computes: a configuration and what is varied in it. Read by <see cref="StudyReader"/>.</summary>
public sealed record StudyDefinition
{
    /// <summary>Metrics that charts and fits look at where the study names none.</summary>
    public static readonly IReadOnlyList<string> UsualMetrics = ["ndcg@10", "hr@10"];

    public required StudyKind Kind { get; init; }

    /// <summary>What the report is called.</summary>
    public required string Title { get; init; }

    /// <summary>The configuration that cells start from, every key of it: JSON.</summary>
    public required string BaseText { get; init; }

    /// <summary>Where the base is from, as errors and the report name it.</summary>
    public required string BaseOrigin { get; init; }

    /// <summary>Where the study is from, as errors name it.</summary>
    public required string Origin { get; init; }

    /// <summary>The grids; their cells together are the study's.</summary>
    public required IReadOnlyList<StudyGrid> Grids { get; init; }

    /// <summary>What charts and fits look at beside the loss.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = UsualMetrics;

    /// <summary>The base as a configuration.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public RunConfiguration Base => ConfigurationReader.Read(BaseText, BaseOrigin);

    /// <summary>The names of all axes but the seeds, in the order of their first use.</summary>
    public IReadOnlyList<StudyAxis> Axes => [.. Grids.SelectMany(grid => grid.Axes).Where(axis => axis.Name != StudyAxis.Seeds).DistinctBy(axis => axis.Name)];
}
