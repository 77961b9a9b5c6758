using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Experiment;

/// <summary>Where data lie, and what is told while they are read; none of it changes what they are.</summary>
public sealed record ExperimentDataOptions
{
    /// <summary>The folder with named data sets; null where none is set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Keeps what was read, for the next time; null: nothing is kept or looked for.</summary>
    public PreparedCache? Cache { get; init; }

    /// <summary>Told now and then how many rows were read.</summary>
    public IProgress<long>? Progress { get; init; }
}
