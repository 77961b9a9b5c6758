namespace LargeRec.Kernels;

/// <summary>What writing images came to.</summary>
/// <param name="Images">Images that the folder has now.</param>
/// <param name="Written">Names of files that were missing or different.</param>
/// <param name="Deleted">Names of files whose kernels or targets are no longer there.</param>
public sealed record ImageChanges(int Images, IReadOnlyList<string> Written, IReadOnlyList<string> Deleted);
