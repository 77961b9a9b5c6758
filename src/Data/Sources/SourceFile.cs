namespace LargeRec.Data.Sources;

/// <summary>One file of a source.</summary>
/// <param name="Path">Its path within the source, with forward slashes.</param>
/// <param name="Length">Its bytes, as the source claims them.</param>
public sealed record SourceFile(string Path, long Length)
{
    /// <summary>The file's own name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether it is gzipped, by its name.</summary>
    internal bool IsPacked => Path.EndsWith(".gz", StringComparison.Ordinal);

    internal int Depth => Path.AsSpan().Count('/');
}
