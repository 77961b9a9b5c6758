namespace LargeRec.Data.Download;

/// <summary>What came out of an archive.</summary>
/// <param name="Files">How many.</param>
/// <param name="Bytes">Of all of them.</param>
public sealed record UnpackedFiles(int Files, long Bytes);
