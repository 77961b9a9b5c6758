using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class RunFolderTests
{
    [Test]
    public void A_folder_that_is_not_empty_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        Directory.CreateDirectory(folder["full"]);
        File.WriteAllText(folder["full/x"], "");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RunFolder.Create(folder["empty"]).FolderPath, Is.EqualTo(folder["empty"]));
            Assert.That(RunFolder.Create(folder["new/deeper"]).FolderPath, Does.Exist);
            Assert.That(() => RunFolder.Create(folder["full"]), Throws.TypeOf<RunFolderException>()
                .With.Message.StartsWith($"{folder["full"]}: the folder is not empty"));
            Assert.That(() => RunFolder.Create(folder["full/x"]), Throws.TypeOf<RunFolderException>().With.Message.Contains("this is a file"));
        }
    }

    [Test]
    public void The_next_free_number_is_taken()
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => Path.GetFileName(RunFolder.CreateNext(folder["runs"], "ml-1m", "hstu").FolderPath))];
        Directory.Delete(folder["runs/ml-1m-hstu-2"], recursive: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(names, Is.EqualTo(["ml-1m-hstu-1", "ml-1m-hstu-2", "ml-1m-hstu-3"]));
            Assert.That(RunFolder.CreateNext(folder["runs"], "ml-1m", "hstu").FolderPath, Is.EqualTo(folder["runs/ml-1m-hstu-2"]));
            Assert.That(RunFolder.CreateNext(folder["runs"], "../my data", "hstu").FolderPath, Is.EqualTo(folder["runs/_my_data-hstu-1"]));
        }
    }

    [Test]
    public void Trainings_that_start_at_once_get_different_folders()
    {
        using var folder = new TemporaryFolder();
        using var start = new Barrier(8);
        var taken = new (RunFolder Run, RunLock Held)[8 * 5];
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                start.SignalAndWait();
                var run = RunFolder.CreateNext(folder["runs"], "a", "b", out var held);
                taken[(t * 5) + i] = (run, held);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.That(taken.Select(t => t.Run.FolderPath), Is.Unique);
        Assert.That(taken, Has.All.Matches<(RunFolder Run, RunLock Held)>(t => RunLock.IsHeld(t.Run)));
        Array.ForEach(taken, t => t.Held.Dispose());
    }

    [Test]
    public void Of_those_who_want_one_folder_one_gets_it()
    {
        using var folder = new TemporaryFolder();
        using var start = new Barrier(8);
        var won = new RunLock?[8];
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                RunFolder.Create(folder["run"], out won[t]!);
            }
            catch (RunFolderException)
            {
                won[t] = null;
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.That(won.Count(held => held is not null), Is.EqualTo(1));
        won.Single(held => held is not null)!.Dispose();
    }

    [Test]
    public void What_a_training_left_that_was_killed_before_it_had_begun_is_no_run()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        File.WriteAllText(folder["run/.config.json.tmp"], "{");
        Assert.That(() => RunFolder.Create(folder["run"]), Throws.Nothing);
        run.WriteConfiguration(EmbeddedConfigurations.Find("synthetic").Read());
        Assert.That(() => RunFolder.Create(folder["run"]), Throws.TypeOf<RunFolderException>()
            .With.Message.EndsWith($"or go on with the run in it: --resume {folder["run"]}"));
    }

    [Test]
    public void A_run_is_opened_with_its_configuration()
    {
        using var folder = new TemporaryFolder();
        var configuration = EmbeddedConfigurations.Find("synthetic").Read();
        RunFolder.Create(folder["a"]).WriteConfiguration(configuration);
        var opened = RunFolder.Open(folder["a"]);
        Assert.That(ConfigurationWriter.ToJson(opened.ReadConfiguration()), Is.EqualTo(ConfigurationWriter.ToJson(configuration)));
    }

    [Test]
    public void A_folder_without_a_run_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => RunFolder.Open(folder.FolderPath), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("config.json is missing"));
            Assert.That(() => RunFolder.Open(folder["no"]), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("the folder is missing"));
        }
    }

    [Test]
    public void The_environment_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var written = RunEnvironment.Detect("cpu", 256, 2, ulong.MaxValue);
        written.Write(folder["environment.json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RunEnvironment.Read(folder["environment.json"]), Is.EqualTo(written));
            Assert.That(written.Version, Does.Match(@"^\d+\.\d+\.\d+"));
            Assert.That(File.ReadAllText(folder["environment.json"]), Does.Contain("\"simd_width\": 256"));
        }
    }

    [Test]
    public void The_summary_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var written = Summary(0.1 + 0.2);
        written.Write(folder["summary.json"]);
        var read = RunSummary.Read(folder["summary.json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Test, Is.EqualTo(written.Test));
            Assert.That(read.Validation, Is.Null);
            Assert.That(read.Intervals["test"]["hr@10"], Is.EqualTo([0.25, 0.35]));
            Assert.That(read.Floors["popularity"]["hr@10"], Is.EqualTo(0.1));
            Assert.That(File.ReadAllText(folder["summary.json"]), Does.Contain("\"hr@10\": 0.30000000000000004"));
        }
    }

    [Test]
    public void A_number_that_is_not_finite_is_not_written()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Summary(double.NaN).Write(folder["summary.json"]), Throws.TypeOf<RunFolderException>().With.Message.Contains("test hr@10 is NaN"));
        Assert.That(folder["summary.json"], Does.Not.Exist);
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("{\"test\":")]
    [TestCase("{\"test\":{\"a\":\"b\"}}")]
    public void A_damaged_summary_is_one_line(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["summary.json"], text);
        Assert.That(() => RunSummary.Read(folder["summary.json"]),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith(folder["summary.json"]).And.Message.Not.Contains('\n'));
    }

    [TestCase("\"validation\": null", "\"validation\": n\u0001ll")]
    [TestCase("0.25,", "1e999,")]
    [TestCase("0.25,", "")]
    [TestCase("\"popularity\": {", "\"markov\": null, \"popularity\": {")]
    [TestCase("\"test\": {\n      \"hr@10\": [", "\"validation\": null, \"test\": {\n      \"hr@10\": [")]
    public void A_summary_that_holds_what_is_never_written_is_one_line(string from, string to)
    {
        using var folder = new TemporaryFolder();
        Summary(0.5).Write(folder["summary.json"]);
        var sound = File.ReadAllText(folder["summary.json"]);
        Assert.That(sound, Does.Contain(from));
        File.WriteAllText(folder["summary.json"], sound.Replace(from, to, StringComparison.Ordinal));
        Assert.That(() => RunSummary.Read(folder["summary.json"]),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{folder["summary.json"]}: not what was written there: ")
            .And.Message.Matches("^\\P{Cc}{1,400}$"));
    }

    [Test]
    public void A_missing_summary_is_one_line()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => RunSummary.Read(folder["summary.json"]), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("the file is missing"));
    }

    private static RunSummary Summary(double hitRate) => new()
    {
        Test = new Dictionary<string, double> { ["hr@10"] = hitRate, ["mrr"] = 0 },
        Validation = null,
        Intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>> { ["test"] = new Dictionary<string, double[]> { ["hr@10"] = [0.25, 0.35] } },
        Floors = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["popularity"] = new Dictionary<string, double> { ["hr@10"] = 0.1 } },
        Protocol = "last item out, all items ranked",
        Tests = 4,
        Users = 3,
        Items = 4,
        Step = 5,
        Epoch = 6,
        Seconds = 1.5,
    };
}
