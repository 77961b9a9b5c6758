using System.Globalization;
using LargeRec.Data.Storage;

namespace LargeRec.Retrieval.Runs.TensorBoard;

/// <summary>
/// The one file <c>events.out.tfevents.SECONDS.largerec</c> of a run folder, which TensorBoard shows: numbers by step. Its length in bytes depends on what was
/// recorded and not on any clock, so a checkpoint can say how much of it belongs to it.
/// </summary>
public sealed class EventLog
{
    private const string Pattern = "events.out.tfevents.*.largerec";

    private readonly string _folder;

    internal EventLog(string folder) => _folder = folder;

    /// <summary>The file; null where there is none yet.</summary>
    public string? FilePath => Files().LastOrDefault();

    /// <summary>Appends numbers of a step, handed to the operating system at once; the first call makes the file.</summary>
    /// <param name="time">The time of day, which TensorBoard shows beside the step.</param>
    public void Append(DateTimeOffset time, long step, IReadOnlyList<KeyValuePair<string, double>> scalars)
    {
        var path = FilePath ?? PathOf(time);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (stream.Length == 0)
        {
            stream.Write(EventRecord.Header(time));
        }

        stream.Write(EventRecord.Scalars(time, step, scalars));
    }

    /// <summary>The file's length in bytes, 0 where it is missing; what it holds is on disk when this returns.</summary>
    public long Flush() => FilePath is { } path ? MetricsLog.Flush(path) : 0;

    /// <summary>
    /// Cuts back to a length that the file once had. What remains goes to a file named by the time of resuming and the old one is deleted: a TensorBoard that
    /// has the old one open would go on reading in the middle of a record. Events that somebody deleted stay deleted.
    /// </summary>
    public void CutBackToLength(DateTimeOffset time, long bytes)
    {
        // Two where an earlier cut was ended between its two steps: both begin with the bytes that count.
        var files = Files();
        if (bytes > 0 && files.FirstOrDefault(f => new FileInfo(f).Length >= bytes) is { } source)
        {
            if (files.Length == 1 && new FileInfo(source).Length == bytes)
            {
                return;
            }

            var kept = new byte[bytes];
            using (var stream = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                stream.ReadExactly(kept);
            }

            var path = PathOf(time);
            AtomicFile.Write(path, stream => stream.Write(kept));
            files = [.. files.Where(f => f != path)];
        }

        foreach (var file in files)
        {
            File.Delete(file);
        }
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_folder, Pattern).Order(StringComparer.Ordinal)];

    private string PathOf(DateTimeOffset time) =>
        Path.Combine(_folder, Pattern.Replace("*", time.ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture), StringComparison.Ordinal));
}
