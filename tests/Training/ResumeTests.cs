using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>A run that is stopped, or dies, at any moment and goes on: bit for bit the one that was never stopped.</summary>
public sealed class ResumeTests : RunFixture
{
    /// <summary>Everything that has a state: schedule, clipping, accumulation, checkpoints within epochs, early stopping.</summary>
    private static readonly string[] Everything =
    [
        "training.epochs=4", "training.batch_size=8", "training.accumulation=2", "training.checkpoint_every=3", "training.early_stopping=2",
        "optimizer.schedule=cosine", "optimizer.final_learning_rate=0.0001", "optimizer.warmup_steps=5", "optimizer.clip_norm=0.5", "evaluation.bootstrap=5",
    ];

    private static readonly string[] Published = ["training.epochs=3", "data.split=published", "evaluation.every=2", "evaluation.bootstrap=5"];

    [Test]
    public void Stopped_or_dead_at_any_moment_it_ends_with_the_same_bits([Values("everything", "published")] string setting, [Values] bool dies)
    {
        var overrides = setting == "everything" ? Everything : Published;
        var moments = new List<string>();
        TrainingRun.Execute(TinyRun.Configuration(overrides), Device, InFolder("whole"), new StoppingObserver(moments.Add));
        Assert.That(moments, Has.Count.GreaterThan(30));
        for (var at = moments.IndexOf("planned"); at < moments.Count; at += dies ? 1 : 3)
        {
            var name = $"{setting}-{at}";
            if (!Interrupted(at, dies, observer => TrainingRun.Execute(TinyRun.Configuration(overrides), Device, InFolder(name), observer.Observer,
                observer.Token)))
            {
                continue;
            }

            Assert.That(TrainingRun.Resume(Folder[name], Device), Is.Not.Null);
            EqualRuns.AssertEqual(Folder[name], Folder["whole"], $"ended at {moments[at]} ({at})");
            Directory.Delete(Folder[name], recursive: true);
        }
    }

    [Test]
    public void Lazy_and_row_wise_moments_of_the_table_are_part_of_a_checkpoint([Values("lazy-adamw", "rowwise-adamw")] string table)
    {
        string[] overrides =
            [.. Everything, $"optimizer.table={table}", "data.generator.items=400", "training.stochastic_length=1.5", "training.stochastic_selection=random"];
        TrainingRun.Execute(TinyRun.Configuration(overrides), Device, InFolder("whole"));
        Interrupted(17, dies: true, o => TrainingRun.Execute(TinyRun.Configuration(overrides), Device, InFolder("run"), o.Observer, o.Token));
        using var device = new CpuDevice(1);
        Assert.That(TrainingRun.Resume(Folder["run"], device), Is.Not.Null);
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], table);
        Assert.That(
            () => TrainingRun.Resume(Folder["run"], device, new ResumeOptions { Overrides = ["optimizer.table=adamw"] }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("optimizer.table"));
    }

    [Test]
    public void Stopped_and_dead_again_and_again_it_ends_with_the_same_bits()
    {
        TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("whole"));
        var ended = 0;
        Interrupted(12, dies: true, o => TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("run"), o.Observer, o.Token));
        for (var after = 5; !RunFolder.Open(Folder["run"]).IsFinished; after += 2)
        {
            // The device's threads differ each time, the bits must not.
            using var device = new CpuDevice(1 + (ended % 4));
            Interrupted(after, dies: ended++ % 2 == 0, o => TrainingRun.Resume(Folder["run"], device, null, o.Observer, o.Token));
        }

        Assert.That(ended, Is.GreaterThan(5));
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], $"ended {ended} times");
    }

    [Test]
    public void A_stop_saves_the_step_it_stopped_at()
    {
        using var stop = new CancellationTokenSource();
        var observer = new StoppingObserver(moment => { if (moment == "step 6") { stop.Cancel(); } });
        Assert.That(() => TrainingRun.Execute(TinyRun.Configuration(), Device, InFolder("run"), observer, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        var state = RunFolder.Open(Folder["run"]).Checkpoints.Open("last").State;
        Assert.That((state.Step, state.Epoch, state.BatchIndex), Is.EqualTo((6L, 2, 2)), "4 steps an epoch");
        Assert.That(state.EpochTokens, Is.GreaterThan(0));
    }

    [Test]
    public void A_run_killed_between_its_last_metrics_and_its_summary_is_finished()
    {
        TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("whole"));
        TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("run"));
        File.Delete(Folder["run/summary.json"]);
        File.WriteAllText(Folder["run/.summary.json.tmp"], "{ hal");
        TrainingRun.Resume(Folder["run"], Device);
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], "without a summary");
    }

    [Test]
    public void Half_a_line_and_half_a_checkpoint_do_not_disturb()
    {
        TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("whole"));
        Interrupted(30, dies: true, o => TrainingRun.Execute(TinyRun.Configuration(Everything), Device, InFolder("run"), o.Observer, o.Token));
        File.AppendAllText(Folder["run/metrics.jsonl"], "{\"step\":");
        File.Delete(RunFolder.Open(Folder["run"]).HistoriesPath);
        File.AppendAllText(Folder["run/timing.jsonl"], "{\"step\":9");
        File.AppendAllText(RunFolder.Open(Folder["run"]).Events.FilePath!, "\x20\0\0");
        Directory.CreateDirectory(Folder["run/checkpoints/.step-99.tmp"]);
        File.WriteAllText(Folder["run/checkpoints/.step-99.tmp/weights.safetensors"], "half");
        TrainingRun.Resume(Folder["run"], Device);
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], "after half a line");
    }

    [Test]
    public void A_finished_run_says_so_and_nothing_is_changed()
    {
        TrainingRun.Execute(TinyRun.Configuration("training.epochs=1"), Device, InFolder("run"));
        var before = Contents("run");
        var observer = new RecordingObserver();
        Assert.That(TrainingRun.Resume(Folder["run"], Device, null, observer), Is.Null);
        Assert.That(observer.Told, Is.EqualTo(new[] { $"{Folder["run"]}: the run is finished (1 epochs); nothing was changed" }));
        Assert.That(Contents("run"), Is.EqualTo(before));
    }

    [Test]
    public void More_epochs_of_a_finished_run_are_those_of_a_longer_one()
    {
        TrainingRun.Execute(TinyRun.Configuration("training.epochs=5"), Device, InFolder("whole"));
        TrainingRun.Execute(TinyRun.Configuration("training.epochs=3"), Device, InFolder("run"));
        Assert.That(TrainingRun.Resume(Folder["run"], Device, With("training.epochs=5"))!.Summary.Epoch, Is.GreaterThan(0));
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], "two epochs more");
    }

    [TestCase("model.layers=3", "model.layers is 3 here and 2 in ")]
    [TestCase("training.seed=2", "training.seed is 2 here and 1 in ")]
    [TestCase("training.epochs=4", "training.epochs is 4 here and 5 in ")]
    [TestCase("data.name=ml-100k", "data.name is ml-100k here and synthetic in ")]
    public void Another_difference_is_an_error_that_names_the_key(string difference, string expected)
    {
        AbandonAt("step 2");
        var before = Contents("run");
        Assert.That(
            () => TrainingRun.Resume(Folder["run"], Device, With(difference)), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(expected));
        Assert.That(Contents("run"), Is.EqualTo(before));
    }

    [Test]
    public void What_does_not_differ_may_be_said_and_evaluation_may()
    {
        AbandonAt("step 9");
        var result = TrainingRun.Resume(Folder["run"], Device,
            With("model.layers=2", "evaluation.hr=5,10", "evaluation.batch_size=7", "inference.window_slack=1"));
        Assert.That(result!.Summary.Test.Keys, Does.Contain("hr@5").And.Not.Contain("hr@100"));
        Assert.That(result.Folder.ReadConfiguration().Evaluation.Hr, Is.EqualTo(new[] { 5, 10 }));
        Assert.That(result.Folder.ReadConfiguration().Inference.WindowSlack, Is.EqualTo(1));
    }

    [Test]
    public void What_the_best_was_chosen_by_stays()
    {
        AbandonAt("step 9");
        Assert.That(
            () => TrainingRun.Resume(Folder["run"], Device, With("evaluation.ndcg=5")),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("chosen by ndcg@10, now it would be by mrr"));
    }

    [Test]
    public void Under_cosine_the_number_of_epochs_stays()
    {
        TrainingRun.Execute(TinyRun.Configuration("training.epochs=1", "optimizer.schedule=cosine"), Device, InFolder("run"));
        Assert.That(
            () => TrainingRun.Resume(Folder["run"], Device, With("training.epochs=2")),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("under optimizer.schedule cosine every learning rate depends on it"));
    }

    [Test]
    public void Changed_data_are_refused_and_a_file_that_moved_is_found()
    {
        var text = "user,item,time\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"u{i % 10},i{i * 7 % 30},{1_600_000_000 + i}\n"));
        File.WriteAllText(Folder["events.csv"], text);
        var configuration = EmbeddedConfigurations.Find("csv").Read(
            [$"data.file={Folder["events.csv"]}", "model.width=8", "model.dqk=8", "model.dv=8", "model.heads=1", "training.epochs=3", "training.batch_size=4",
            "evaluation.bootstrap=5"]);
        TrainingRun.Execute(configuration, Device, InFolder("whole"));
        var dying = new StoppingObserver(moment => Die(moment == "step 5"));
        Assert.That(() => TrainingRun.Execute(configuration, Device, InFolder("run"), dying), Throws.TypeOf<Death>());

        File.WriteAllText(Folder["events.csv"], text + "u1,i3,1700000000\n");
        Assert.That(() => TrainingRun.Resume(Folder["run"], Device), Throws.TypeOf<RunFolderException>()
            .With.Message.Contains("the data are not those that the run was begun with"));
        File.WriteAllText(Folder["moved.csv"], text);
        TrainingRun.Resume(Folder["run"], Device, With($"data.file={Folder["moved.csv"]}"));
        Assert.That(RunFolder.Open(Folder["run"]).ReadConfiguration().Data.File, Is.EqualTo(Folder["moved.csv"]));
        Assert.That(File.ReadAllBytes(Folder["run/metrics.jsonl"]), Is.EqualTo(File.ReadAllBytes(Folder["whole/metrics.jsonl"])));
    }

    [Test]
    public void Another_width_of_registers_has_to_be_allowed()
    {
        AbandonAt("step 9");
        using var narrow = new CpuDevice(2, SimdWidth.Bits128);
        var expected = $"was begun with SIMD registers of {(int)Device.Width} bits and this device has 128";
        Assert.That(() => TrainingRun.Resume(Folder["run"], narrow), Throws.TypeOf<RunFolderException>().With.Message.Contains(expected));
        Assert.That(TrainingRun.Resume(Folder["run"], narrow, new ResumeOptions { AllowDifferentBits = true }), Is.Not.Null);
        Assert.That(RunEnvironment.Read(Folder["run/environment.json"]).SimdWidth, Is.EqualTo(128));
    }

    [Test]
    public void A_run_in_use_is_left_alone()
    {
        Exception? error = null;
        var observer = new StoppingObserver(moment =>
        {
            if (moment == "step 2")
            {
                using var device = new CpuDevice(1);
                error = Assert.Catch(() => TrainingRun.Resume(Folder["run"], device));
            }
        });
        TrainingRun.Execute(TinyRun.Configuration(), Device, InFolder("run"), observer);
        Assert.That(error, Is.TypeOf<RunFolderException>().With.Message.EndsWith("another training is using this run; let it end or stop it first"));
    }

    [Test]
    public void A_damaged_checkpoint_says_what_to_delete_and_the_one_before_serves()
    {
        TrainingRun.Execute(TinyRun.Configuration(), Device, InFolder("whole"));
        AbandonAt("step 10");
        var weights = Folder["run/checkpoints/step-8/weights.safetensors"];
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.That(
            () => TrainingRun.Resume(Folder["run"], Device),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith(weights)
            .And.Message.EndsWith($"delete {Folder["run/checkpoints/step-8"]} to go on from step 4"));
        Directory.Delete(Folder["run/checkpoints/step-8"], recursive: true);
        TrainingRun.Resume(Folder["run"], Device);
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], "from the one before");
    }

    [Test]
    public void A_log_shorter_than_the_checkpoint_knows_is_an_error()
    {
        AbandonAt("step 10");
        File.WriteAllText(Folder["run/metrics.jsonl"], "");
        Assert.That(() => TrainingRun.Resume(Folder["run"], Device), Throws.TypeOf<RunFolderException>().With.Message.Contains("metrics.jsonl: has 0 bytes"));
    }

    [Test]
    public void A_folder_without_a_run_is_an_error()
    {
        Directory.CreateDirectory(Folder["run"]);
        Assert.That(() => TrainingRun.Resume(Folder["run"], Device), Throws.TypeOf<RunFolderException>().With.Message.Contains("there is no run here"));
    }

    private TrainingRunOptions InFolder(string name) => new() { RunDirectory = Folder[name] };

    private static ResumeOptions With(params string[] overrides) => new() { Overrides = overrides };

    /// <summary>A run of 5 epochs of 4 steps that dies at a moment.</summary>
    private void AbandonAt(string moment) => Assert.That(
        () => TrainingRun.Execute(TinyRun.Configuration(), Device, InFolder("run"), new StoppingObserver(m => Die(m == moment))), Throws.TypeOf<Death>());

    /// <summary>Ends a run at its n-th moment, by dying or by a cancellation; false where it came to its end all the same.</summary>
    private static bool Interrupted(int moment, bool dies, Action<(ITrainingObserver Observer, CancellationToken Token)> run)
    {
        using var stop = new CancellationTokenSource();
        var count = 0;
        var observer = new StoppingObserver(_ =>
        {
            if (count++ == moment)
            {
                Die(dies);
                stop.Cancel();
            }
        });
        try
        {
            run((observer, stop.Token));
            return false;
        }
        catch (Exception e) when (e is Death or OperationCanceledException)
        {
            return true;
        }
    }

    private static void Die(bool really)
    {
        if (really)
        {
            throw new Death();
        }
    }

    private Dictionary<string, string> Contents(string name) => Directory.EnumerateFiles(Folder[name], "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => $"{File.GetLastWriteTimeUtc(path):O} {Convert.ToHexString(File.ReadAllBytes(path))}");

    /// <summary>What nobody catches.</summary>
    private sealed class Death : Exception;
}
