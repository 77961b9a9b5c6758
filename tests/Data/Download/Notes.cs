using LargeRec.Data.Download;

namespace LargeRec.Data.Tests.Download;

/// <summary>Keeps what a download reports.</summary>
internal sealed class Notes : IProgress<DownloadProgress>
{
    private readonly List<DownloadProgress> _all = [];

    /// <summary>Called at each report.</summary>
    public Action<DownloadProgress>? OnReport { get; init; }

    public IReadOnlyList<DownloadProgress> All => _all;

    public IEnumerable<string> Lines => _all.Where(p => p.Note is not null).Select(p => p.Note!);

    public void Report(DownloadProgress value)
    {
        _all.Add(value);
        OnReport?.Invoke(value);
    }
}
