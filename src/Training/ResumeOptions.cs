using LargeRec.Data.Preparation;

namespace LargeRec.Training;

/// <summary>What a run that goes on may be told; none of it changes what is computed, but for more epochs and what is evaluated.</summary>
public sealed record ResumeOptions
{
    /// <summary>The folder with named data sets; null where none is set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Keeps the data that were read, for the next run; null: nothing is kept or looked for.</summary>
    public PreparedCache? Cache { get; init; }

    /// <summary>
    /// Texts <c>section.key=value</c>: keys of <c>evaluation</c>, <c>data.file</c> where the file has moved, and a larger <c>training.epochs</c>, but not under
    /// a schedule that depends on their number. Any other key must have the run's own value.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Go on with registers of another width, or on another device, where the bits of the results are others.</summary>
    public bool AllowDifferentBits { get; init; }

    /// <summary>The time of day that TensorBoard shows; nothing that is computed depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Check every value and gradient, and name the operation at the first NaN or infinity: slow.</summary>
    public bool TraceNonFinite { get; init; }

    /// <inheritdoc cref="TrainingRunOptions.PeakFlopsPerSecond"/>
    public double? PeakFlopsPerSecond { get; init; }

    /// <summary>Steps whose time is looked at, after five that warm up: a trace in profile.json, a table in <see cref="TrainingResult.Profile"/>. CPU device
    /// only.</summary>
    public int ProfiledSteps { get; init; }
}
