namespace LargeRec.Data.Download;

/// <summary>What an archive may unpack to at most: a few bytes can be made to stand for more than any disk holds.</summary>
public sealed record UnpackLimits
{
    /// <summary>Bytes of all files together. The largest archive known unpacks to 46 GB.</summary>
    public long Bytes { get; init; } = 256L << 30;

    /// <summary>Bytes unpacked for each byte of the archive; event logs reach 10, the format's limit is about 1,030.</summary>
    public int Ratio { get; init; } = 100;

    /// <summary>Files and folders.</summary>
    public int Entries { get; init; } = 10_000;
}
