using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Catalogue;

/// <summary>What opening a data set may need beside its name.</summary>
public sealed record DatasetOptions
{
    /// <summary>For every reader: bad rows, progress, cancellation.</summary>
    public ReadingOptions Reading { get; init; } = new();

    /// <summary>For files with named columns.</summary>
    public DelimitedLogOptions Delimited { get; init; } = new();

    /// <summary>For the generated log.</summary>
    public GeneratorOptions Generator { get; init; } = new();

    /// <summary>From a seed to the stream of random numbers that the generated log is made of; needed for it alone.</summary>
    public Func<ulong, IRandomStream>? OpenRandomStream { get; init; }
}
