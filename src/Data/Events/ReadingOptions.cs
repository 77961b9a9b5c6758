namespace LargeRec.Data.Events;

/// <summary>How any reader goes about its files.</summary>
public sealed record ReadingOptions
{
    /// <summary>False: the first bad row is an error. True: bad rows are left out, counted by reason, and said in the log's notes.</summary>
    public bool SkipBadRows { get; init; }

    /// <summary>Told now and then how many rows were read; may be null.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Ends the reading with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}
