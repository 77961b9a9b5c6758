using LargeRec.Bench.Results;

namespace LargeRec.House.Tests;

/// <summary>The README's tables of speed are those of bench/results.</summary>
public sealed class ReadmeTableTests
{
    private static readonly Circumstances Circumstances = new("2026-11-23", "dotnet run", 2, "abc", ".NET 10", 0.1);

    private static IReadOnlyList<MachineReport> Committed => ReadmeTable.ReadAll(Path.Combine(Repository.Root, "bench", "results"));

    [Test]
    public void The_tables_of_the_README_are_those_of_the_committed_results()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.That(readme, Is.EqualTo(ReadmeTable.Rewrite(readme, Committed)), "write them anew: dotnet run -c Release --project bench -- readme");
    }

    [Test]
    public void Committed_results_agree_with_themselves()
    {
        Assert.That(Committed, Is.Not.Empty);
        foreach (var job in Committed.SelectMany(r => r.Jobs))
        {
            var (floor, ceilings) = (job.Floor, job.Ceilings);
            var seconds = (floor.Gigaflop / ceilings.Gigaflops) + (floor.MemoryGigabytes / ceilings.MemoryGigabytes)
                + (floor.CacheGigabytes / ceilings.CacheGigabytes);
            Assert.That(floor.Seconds, Is.EqualTo(seconds).Within(1e-6 * seconds), job.Title);
            Assert.That(job.ShareOfFloor, Is.EqualTo(floor.Seconds / job.Seconds).Within(1e-6), job.Title);
            Assert.That(job.Best, Is.Positive.And.LessThanOrEqualTo(job.Seconds), job.Title);
            Assert.That(job.Circumstances.Command, Does.StartWith($"dotnet run -c Release --project bench -- paired {job.Job}"));
        }
    }

    [Test]
    public void A_job_is_a_row_with_the_peers_that_it_has()
    {
        var versions = new Dictionary<string, string> { ["torch"] = "1.13" };
        var report = Empty
            .With(Job("step", "ml-1m", 0.1234, new PeerResult("tuned", 0.6, 5.04, 5, versions), new PeerResult("plain", 1.8, 14.6, 5, versions)))
            .With(Job("evaluation", "ml-1m", 2.5));
        Assert.That(ReadmeTable.Render([report]), Is.EqualTo("""
            A processor, 2 cores, 512-bit SIMD, 24 GiB; .NET 10, torch 1.13; 2026-11-23; load before the runs 0.1 to 0.1.

            | job | threads | time | least possible / time | plain PyTorch takes | tuned PyTorch takes |
            |---|---|---|---|---|---|
            | step ml-1m | 2 | 123 ms | 41% | 15 times as long | 5.0 times as long |
            | evaluation ml-1m | 2 | 2.50 s | 2% | - | - |


            """));
    }

    [Test]
    public void Products_are_a_row_for_each_number_of_threads()
    {
        var report = Empty.With(new ProductsResult(
            Circumstances, "OpenBLAS", 200, [new("a", 1, 1, 1, "nn", 100, 80, 2, 2, 0.5), new("b", 1, 1, 1, "nn", 100, 80, 0.5, 1, 0.5)]));
        Assert.That(ReadmeTable.Render([report]), Does.EndWith("\n| 2 shapes | 2 | 1.00 times as long | 0.50 |\n\n"));
    }

    [Test]
    public void A_newer_result_takes_the_place_of_the_older_one()
    {
        var report = Empty.With(Job("step", "ml-1m", 1)).With(Job("step", "ml-20m", 2)).With(Job("step", "ml-1m", 3));
        Assert.That(report.Jobs.Select(j => (j.Setting, j.Seconds)), Is.EqualTo(new[] { ("ml-20m", 2.0), ("ml-1m", 3.0) }));
    }

    [Test]
    public void A_report_comes_back_from_its_file()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");
        try
        {
            var report = Empty.With(Job("step", "ml-1m", 1, new PeerResult("tuned", 2, 2, 5, new Dictionary<string, string> { ["torch"] = "1.13" })));
            report.Write(path);
            Assert.That(ReadmeTable.Render([MachineReport.Read(path)]), Is.EqualTo(ReadmeTable.Render([report])));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_README_without_its_markers_is_an_error() =>
        Assert.That(() => ReadmeTable.Rewrite("# LargeRec", []), Throws.InvalidOperationException.With.Message.Contains("bench readme"));

    private static MachineReport Empty { get; } = new(new MachineDescription("A processor", 2, 512, 24, "an operating system"), [], []);

    private static JobResult Job(string job, string setting, double seconds, params PeerResult[] peers) => new(
        job, setting, $"{job} {setting}", Circumstances, new Ceilings(200, 20, 200), new FloorResult(10, 0, 0, 0.05), seconds, seconds, 0.05 / seconds, peers);
}
