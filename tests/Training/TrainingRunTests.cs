using LargeRec.Autograd;
using LargeRec.Data.Events;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>Whole runs: which weights are tested, what is kept, what the seed decides, and how a run ends early.</summary>
public sealed class TrainingRunTests : RunFixture
{
    [Test]
    public void The_best_epoch_by_validation_is_the_one_tested()
    {
        var observer = new RecordingObserver();
        var result = Execute("run", observer, "training.epochs=8", "optimizer.learning_rate=0.05");
        var best = observer.Epochs.MaxBy(e => e.Metrics!.Values["ndcg@10"]);
        Assert.That(observer.Epochs.Select(e => e.Split), Is.All.EqualTo("validation"));
        Assert.That(best.Epoch, Is.LessThan(8), "the last epoch must not be the best, or this test shows nothing");
        Assert.That(result.Summary.Epoch, Is.EqualTo(best.Epoch));
        Assert.That(result.Summary.Validation, Is.EqualTo(best.Metrics!.Values));

        var checkpoint = result.Folder.Checkpoints.Open("best");
        Assert.That(checkpoint.State.Step, Is.EqualTo(result.Summary.Step));
        Assert.That(Test(result, checkpoint.State.Step), Is.EqualTo(result.Summary.Test));
        Assert.That(Test(result, result.Folder.Checkpoints.Steps[^1]), Is.Not.EqualTo(result.Summary.Test));
        Assert.That(MetricsLog.Read(result.Folder.MetricsPath)[^1].Split, Is.EqualTo("test"));
    }

    [Test]
    public void Without_a_validation_the_last_epoch_is_the_one_tested()
    {
        var observer = new RecordingObserver();
        var result = Execute("run", observer, "data.split=published");
        Assert.That(observer.Epochs.Select(e => e.Split), Is.All.EqualTo("test"));
        Assert.That(result.Summary.Epoch, Is.EqualTo(5));
        Assert.That(result.Summary.Validation, Is.Null);
        Assert.That(result.Summary.Test, Is.EqualTo(observer.Epochs[^1].Metrics!.Values));
        Assert.That(result.Summary.Intervals.Keys, Is.EqualTo(new[] { "test" }));
        Assert.That(Test(result, result.Folder.Checkpoints.Open("best").State.Step), Is.EqualTo(result.Summary.Test));
    }

    [Test]
    public void The_last_two_checkpoints_and_the_best_are_kept()
    {
        var observer = new RecordingObserver();
        var result = Execute("run", observer, "training.epochs=8", "optimizer.learning_rate=0.05");
        var perEpoch = observer.Steps.Count / 8;
        long[] expected = [.. new[] { observer.Epochs.MaxBy(e => e.Metrics!.Values["ndcg@10"]).Epoch, 7, 8 }.Distinct().Order()
            .Select(e => (long)e * perEpoch)];
        Assert.That(result.Folder.Checkpoints.Steps, Is.EqualTo(expected));
    }

    [Test]
    public void Evaluations_come_every_so_many_epochs_and_after_the_last()
    {
        var observer = new RecordingObserver();
        var result = Execute("run", observer, "evaluation.every=2");
        Assert.That(observer.Epochs.Where(e => e.Metrics is not null).Select(e => e.Epoch), Is.EqualTo(new[] { 2, 4, 5 }));
        var log = MetricsLog.Read(result.Folder.MetricsPath);
        Assert.That(log.Where(r => r.Split == "train").Select(r => r.Epoch), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(log.Where(r => r.Split == "validation").Select(r => r.Epoch), Is.EqualTo(new[] { 2, 4, 5 }));
        Assert.That(result.Summary.Epoch, Is.AnyOf(2, 4, 5));
    }

    [Test]
    public void Equal_configurations_give_equal_bytes_on_any_number_of_threads_and_seeds_differ()
    {
        byte[] Metrics(string name, int threads, string seed)
        {
            using var device = new CpuDevice(threads);
            var options = new TrainingRunOptions { RunDirectory = Folder[name] };
            return File.ReadAllBytes(TrainingRun.Execute(TinyRun.Configuration("training.epochs=2", $"training.seed={seed}"), device, options)
                .Folder.MetricsPath);
        }

        var one = Metrics("one", 1, "1");
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.That(Metrics($"threads-{threads}", threads, "1"), Is.EqualTo(one), $"{threads} threads");
        }

        Assert.That(Metrics("seed", 1, "2"), Is.Not.EqualTo(one));
    }

    [Test]
    public void Progress_counts_to_the_end_and_time_runs_out()
    {
        var observer = new RecordingObserver();
        Execute("run", observer);
        Assert.That(observer.Steps.Select(s => s.Step), Is.EqualTo(Enumerable.Range(1, observer.Steps.Count)));
        Assert.That(observer.Steps, Has.All.Matches<TrainingProgress>(s => s!.Steps == observer.Steps.Count && s.Remaining >= TimeSpan.Zero
            && s.TokensPerSecond > 0));
        Assert.That(observer.Steps[^1].Remaining, Is.LessThan(observer.Steps[0].Remaining + TimeSpan.FromSeconds(1)));
        Assert.That(observer.Told.IndexOf("reading synthetic"),
            Is.LessThan(observer.Told.FindIndex(t => t.StartsWith("planned 5 epochs", StringComparison.Ordinal))));
    }

    [Test]
    public void A_cancelled_run_keeps_the_last_epochs_checkpoint()
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { AfterEpoch = epoch => { if (epoch == 3) { stop.Cancel(); } } };
        Assert.That(() => Execute("run", observer, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var folder = RunFolder.Open(Folder["run"]);
        Assert.That(folder.Checkpoints.Open("last").State.Epoch, Is.EqualTo(4), "the epoch that would go on");
        Assert.That(File.Exists(folder.SummaryPath), Is.False);
        Assert.That(Device.CurrentStep, Is.Null);
    }

    [Test]
    public void Weights_that_explode_in_an_epochs_only_step_are_named_before_anything_is_kept_of_them()
    {
        Assert.That(
            () => Execute("run", null, "training.batch_size=128", "optimizer.learning_rate=3e38"),
            Throws.InstanceOf<NonFiniteException>().With.Message.StartsWith("step 1"));
        Assert.That(RunFolder.Open(Folder["run"]).Checkpoints.Steps, Is.Empty);
    }

    [Test]
    public void A_folder_that_is_not_empty_is_refused_before_the_data_are_read()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Folder["run"]).FullName, "mine.txt"), "mine");
        var observer = new RecordingObserver();
        Assert.That(() => Execute("run", observer), Throws.InstanceOf<RunFolderException>().With.Message.Contains("not empty"));
        Assert.That(observer.Told, Is.Empty);
    }

    [Test]
    public void Users_too_short_for_training_are_an_error_that_leaves_no_folder()
    {
        File.WriteAllText(Folder["events.csv"], "user,item,time\na,1,1\na,2,2\na,3,3\nb,1,1\nb,2,2\n");
        Assert.That(
            () => TrainingRun.Execute(
                EmbeddedConfigurations.Find("csv").Read([$"data.file={Folder["events.csv"]}"]), Device,
                new TrainingRunOptions { RunDirectory = Folder["run"] }),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("no user has the 4 events (split validated) that training takes"));
        Assert.That(Directory.Exists(Folder["run"]), Is.False);
    }

    [Test]
    public void Rows_are_told_while_they_are_read()
    {
        const int Rows = 70_000;
        File.WriteAllLines(Folder["events.csv"], ["user,item,time", .. Enumerable.Range(0, Rows).Select(i => $"{i / 100},{i % 7},{i}")]);
        var observer = new RecordingObserver();
        TrainingRun.Execute(
            EmbeddedConfigurations.Find("csv").Read([$"data.file={Folder["events.csv"]}", "data.max_length=4", "training.epochs=1", "model.layers=1",
            "model.width=8", "model.heads=1", "model.dqk=8", "model.dv=8"]),
            Device, new TrainingRunOptions { RunDirectory = Folder["run"] }, observer);
        Assert.That(observer.Rows.Select(r => r.Rows), Is.Ordered.Ascending.And.Member(1 + (1L << 16)).And.Member((long)Rows));
        Assert.That(observer.Rows.Select(r => r.Source).Distinct(), Is.EqualTo(new[] { Folder["events.csv"] }));
    }

    private TrainingResult Execute(string name, ITrainingObserver? observer, params string[] overrides) =>
        TrainingRun.Execute(TinyRun.Configuration(overrides), Device, new TrainingRunOptions { RunDirectory = Folder[name] }, observer);

    private TrainingResult Execute(string name, ITrainingObserver? observer, CancellationToken cancellation) =>
        TrainingRun.Execute(TinyRun.Configuration(), Device, new TrainingRunOptions { RunDirectory = Folder[name] }, observer, cancellation);

    /// <summary>The test metrics of a step's checkpoint, loaded into a new model.</summary>
    private IReadOnlyDictionary<string, double> Test(TrainingResult result, long step)
    {
        var configuration = result.Folder.ReadConfiguration();
        var model = ModelFactory.Create(Device, configuration, result.Data.Sequences.Catalogue.TableRows);
        using var weights = result.Folder.Checkpoints.Open(step).OpenWeights();
        ModelWeights.Load(model, weights);
        return new Evaluator(configuration.Evaluation, result.Data).Evaluate(model, Device, result.Data.Split.Test).Values;
    }
}
