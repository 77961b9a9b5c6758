using LargeRec.Data.Preparation;

namespace LargeRec.Studies.Running;

/// <summary>What a study needs beside its definition; none of it changes what is computed.</summary>
public sealed record StudyOptions
{
    /// <summary>The folder with named data sets; null where none is set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Keeps the data that were read; null: nothing is kept or looked for.</summary>
    public PreparedCache? Cache { get; init; }

    /// <summary>Cells at once; null: one a core on the CPU, one elsewhere. Fewer where memory does not allow so many.</summary>
    public int? Parallel { get; init; }

    /// <summary>Threads of all cells together, on the CPU; 0: one a core.</summary>
    public int Threads { get; init; }

    /// <summary>Whether cells compute with threads of the CPU, which are divided among those at once.</summary>
    public bool IsCpu { get; init; } = true;

    /// <summary>Bytes that cells at once may take together; null: four fifths of what the process may have.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Stop at the first cell that fails.</summary>
    public bool StopOnFailure { get; init; }

    /// <summary>Train cells again that made NaN or infinity, which they will again unless something changed.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Train a few steps of each distinct shape first, to say what the study will take and how many cells fit in memory.</summary>
    public bool Estimate { get; init; } = true;

    /// <summary>The most floating-point operations a second that the device does; null: measured where that can be.</summary>
    public double? PeakFlopsPerSecond { get; init; }
}
