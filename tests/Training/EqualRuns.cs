using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>What a resumed run must have in common with one that was never stopped: everything but clocks.</summary>
internal static class EqualRuns
{
    // Clocks, the machine, and memory that depends on which worker did what and on where the process began.
    private static readonly string[] OfTheProcess =
    [
        "seconds", "training_seconds", "tokens_per_second", "flops_per_second", "peak_flops_per_second", "peak_source", "utilization", "process_bytes",
        "device_bytes",
    ];

    public static void AssertEqual(string resumed, string uninterrupted, string message)
    {
        var (one, other) = (RunFolder.Open(resumed), RunFolder.Open(uninterrupted));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(one.MetricsPath), Is.EqualTo(File.ReadAllText(other.MetricsPath)), $"{message}: metrics.jsonl");
            Assert.That(File.ReadAllText(one.ConfigurationPath), Is.EqualTo(File.ReadAllText(other.ConfigurationPath)), $"{message}: config.json");
            Assert.That(File.ReadAllText(one.ItemsPath), Is.EqualTo(File.ReadAllText(other.ItemsPath)), $"{message}: items.tsv");
            Assert.That(File.ReadAllBytes(one.HistoriesPath).AsSpan().SequenceEqual(File.ReadAllBytes(other.HistoriesPath)), $"{message}: histories");
            Assert.That(Summary(one), Is.EqualTo(Summary(other)), $"{message}: summary.json");
            Assert.That(one.Checkpoints.Steps[^1], Is.EqualTo(other.Checkpoints.Steps[^1]), $"{message}: last step");
            Assert.That(new FileInfo(one.Events.FilePath!).Length, Is.EqualTo(new FileInfo(other.Events.FilePath!).Length), $"{message}: TensorBoard events");
            Assert.That(MetricsLog.Read(one.TimingPath).Select(r => r.Step), Is.Ordered.And.Unique, $"{message}: timing.jsonl");
            foreach (var which in new[] { "last", "best" })
            {
                var (a, b) = (one.Checkpoints.Open(which).FolderPath, other.Checkpoints.Open(which).FolderPath);
                foreach (var file in new[] { Checkpoint.StateName, Checkpoint.WeightsName, Checkpoint.OptimizerName })
                {
                    Assert.That(File.ReadAllBytes(Path.Combine(a, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(b, file))),
                        $"{message}: {which} {file}");
                }
            }

            var unfinished = Directory.EnumerateFileSystemEntries(resumed, "*", SearchOption.AllDirectories).Where(p => Path.GetFileName(p).StartsWith('.'));
            Assert.That(unfinished, Is.Empty, $"{message}: something unfinished");
        }
    }

    /// <summary>All of it but what differs from process to process.</summary>
    private static string Summary(RunFolder folder) => string.Join('\n', File.ReadLines(folder.SummaryPath).Where(
        line => !OfTheProcess.Any(name => line.Contains($"\"{name}\"", StringComparison.Ordinal))));
}
