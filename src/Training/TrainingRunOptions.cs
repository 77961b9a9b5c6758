using LargeRec.Data.Preparation;

namespace LargeRec.Training;

/// <summary>What a run needs beside its configuration; none of it changes what is computed.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The folder with named data sets; null where none is set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Keeps the data that were read, for the next run; null: nothing is kept or looked for.</summary>
    public PreparedCache? Cache { get; init; }

    /// <summary>The run folder, which must be new or empty; null for the next free runs/DATA-BACKBONE-N.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>The time of day that TensorBoard shows; nothing that is computed depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Check every value and gradient, and name the operation at the first NaN or infinity: slow.</summary>
    public bool TraceNonFinite { get; init; }

    /// <summary>
    /// The most floating-point operations a second that the device does, for the utilisation in the summary; null: measured at the end where that can be (on
    /// the CPU).
    /// </summary>
    public double? PeakFlopsPerSecond { get; init; }

    /// <summary>Steps whose time is looked at, after five that warm up: a trace in profile.json, a table in <see cref="TrainingResult.Profile"/>. CPU device
    /// only.</summary>
    public int ProfiledSteps { get; init; }
}
