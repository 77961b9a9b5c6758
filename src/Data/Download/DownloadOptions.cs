namespace LargeRec.Data.Download;

/// <summary>How a data set is fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>
    /// Instead of the publisher's address: an http or https address (a mirror), or the path of a file that was fetched by hand. It is verified and unpacked the
    /// same way; a file given stays where it is.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Whether the publisher's file stays in the data directory after it was unpacked.</summary>
    public bool KeepArchive { get; init; }

    /// <summary>How often in a row a connection may fail without bringing a byte; each one that does bring some counts anew.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the first of them; each further one waits twice as long, at most a minute.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may send nothing before the connection counts as cut.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What an archive may unpack to.</summary>
    public UnpackLimits Limits { get; init; } = new();
}
