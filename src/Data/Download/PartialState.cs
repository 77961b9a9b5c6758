namespace LargeRec.Data.Download;

/// <summary>Which file the bytes fetched so far belong to, kept beside them: only the same file may be gone on with.</summary>
internal sealed record PartialState
{
    public required string Address { get; init; }

    /// <summary>Strong ones only: a weak one may stand for other bytes (RFC 9110, 13.1.5).</summary>
    public string? ETag { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Bytes of the whole file; null where the server did not say.</summary>
    public long? Total { get; init; }

    public bool CanBeRecognised => ETag is not null || LastModified is not null;
}
