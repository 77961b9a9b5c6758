namespace LargeRec.Data.Sources;

/// <summary>What a folder or an archive may hold at most; beyond that it is refused before anything is read.</summary>
public sealed record SourceLimits
{
    /// <summary>Files of a folder, or entries of an archive.</summary>
    public int Files { get; init; } = 100_000;

    /// <summary>Bytes of one entry, unpacked.</summary>
    public long EntryBytes { get; init; } = 1L << 36;

    /// <summary>Folders in folders that are looked into.</summary>
    public int Depth { get; init; } = 6;
}
