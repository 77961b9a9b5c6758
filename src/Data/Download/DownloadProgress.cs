namespace LargeRec.Data.Download;

/// <summary>How far a download is.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Bytes">Done in this stage, what an earlier try left included.</param>
/// <param name="Total">All bytes of this stage; null where nobody knows.</param>
/// <param name="BytesPerSecond">Over the last seconds; 0 at the beginning.</param>
/// <param name="Remaining">At that rate; null where it cannot be said.</param>
/// <param name="Note">Something that happened and is worth a line, such as a connection cut and tried again; null in most reports.</param>
public sealed record DownloadProgress(DownloadStage Stage, long Bytes, long? Total, double BytesPerSecond, TimeSpan? Remaining, string? Note = null);
