using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class RunOverviewTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public void A_finished_run_shows_its_test()
    {
        SmallRun.Finished(_folder["a"]);
        var run = RunOverview.Read(_folder["a"]);
        Assert.That((run.Name, run.State, run.Epochs, run.Seconds, run.Find("ndcg@10"), run.Find("hr@500")),
            Is.EqualTo(("a", RunState.Finished, 3, (double?)12.5, (double?)0.25, (double?)null)));
        Assert.That(RunOverview.Read(_folder["a"] + "/").Name, Is.EqualTo("a"));
    }

    [Test]
    public void One_without_a_summary_shows_how_far_it_came()
    {
        var folder = SmallRun.Unfinished(_folder["a"]);
        var run = RunOverview.Read(_folder["a"]);
        Assert.That((run.State, run.Epochs, run.Seconds), Is.EqualTo((RunState.Stopped, 3, (double?)1.5)));
        Assert.That(run.Find("ndcg@10"), Is.EqualTo(0.15).Within(1e-12));
        using (RunLock.Take(folder))
        {
            Assert.That(RunOverview.Read(_folder["a"]).State, Is.EqualTo(RunState.Running));
        }
    }

    [Test]
    public void Runs_are_listed_by_name_and_number_and_what_is_wrong_is_said()
    {
        foreach (var name in new[] { "runs/x-10", "runs/x-9", "runs/b-1" })
        {
            SmallRun.Finished(_folder[name]);
        }

        Directory.CreateDirectory(_folder["runs/empty"]);
        Directory.CreateDirectory(_folder["runs/.hidden/x"]);
        Directory.CreateDirectory(_folder["runs/other"]);
        File.WriteAllText(_folder["runs/other/notes.txt"], "mine");
        File.WriteAllText(_folder["runs/x-9/summary.json"], "{ broken");
        File.WriteAllText(_folder["runs/file"], "no folder");
        var runs = RunOverview.List(_folder["runs"]);
        Assert.That(runs.Select(run => $"{run.Name} {run.State}"), Is.EqualTo(new[] { "b-1 Finished", "other Unreadable", "x-9 Unreadable", "x-10 Finished" }));
        Assert.That(runs[1].Problem, Does.EndWith("config.json is missing"));
        Assert.That(runs[2].Problem, Does.Contain("summary.json: not what was written there"));
        Assert.That(() => RunOverview.List(_folder["nowhere"]), Throws.InstanceOf<RunFolderException>().With.Message.Contains("there is no such folder"));
    }
}
