namespace LargeRec.Data.Download;

/// <summary>Turns counts of bytes into reports, a few a second, with the rate of the last seconds.</summary>
internal sealed class ProgressReporter(IProgress<DownloadProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Time, long Bytes)> _samples = new();
    private DownloadStage _stage;
    private long _bytes;
    private long? _total;
    private long _reported;

    /// <summary>A stage begins; the bytes that it begins with are no part of its rate.</summary>
    public void Begin(DownloadStage stage, long bytes, long? total)
    {
        (_stage, _bytes, _total) = (stage, bytes, total);
        _samples.Clear();
        _samples.Enqueue((time.GetTimestamp(), bytes));
        Report(null);
    }

    public void Advance(long count)
    {
        _bytes += count;
        if (time.GetElapsedTime(_reported) >= Interval || _bytes == _total)
        {
            Report(null);
        }
    }

    public void Note(string note) => Report(note);

    private void Report(string? note)
    {
        var now = time.GetTimestamp();
        _reported = now;
        _samples.Enqueue((now, _bytes));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Time, now) > Window)
        {
            _samples.Dequeue();
        }

        var (since, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(since, now).TotalSeconds;
        var rate = seconds > 0 ? (_bytes - before) / seconds : 0;
        TimeSpan? remaining = _total is { } total && rate > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - _bytes) / rate) : null;
        progress?.Report(new DownloadProgress(_stage, _bytes, _total, rate, remaining, note));
    }
}
