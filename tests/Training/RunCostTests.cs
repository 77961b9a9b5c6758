using LargeRec.Engine.Profiling;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>What a run says that it took, against what it did.</summary>
public sealed class RunCostTests : RunFixture
{
    [TestCase("training.stochastic_length=null", TestName = "Tokens_and_arithmetic_are_those_of_the_batches_learned_from")]
    [TestCase("training.stochastic_length=1.4", TestName = "Tokens_and_arithmetic_are_those_of_the_batches_where_histories_are_cut_at_random")]
    [TestCase("loss.kind=full-softmax loss.negatives=0", TestName = "The_arithmetic_of_a_full_softmax_is_in_it")]
    public void Is_what_was_done(string keys)
    {
        var key = keys.Split(' ');
        using var run = new TinyRun(false, key);
        var batches = Enumerable.Range(0, 5 * run.Sampler.BatchesPerEpoch);
        var configuration = TinyRun.Configuration(key);
        var count = new OperationCount();
        var observer = new CountingObserver(Device, count);
        var summary = TrainingRun.Execute(configuration, Device, new TrainingRunOptions { RunDirectory = Folder["run"] }, observer).Summary;
        var cost = summary.Cost!;
        if (keys.EndsWith("null", StringComparison.Ordinal))
        {
            Assert.That(cost.Tokens, Is.EqualTo(batches.Sum(b => (long)run.Batch(b).TokenCount)));
            Assert.That(cost.EpochTokens, Is.EqualTo(cost.Tokens / 5));
        }

        Assert.That(cost.TrainingFlops, Is.EqualTo(count.Flops).Within(1e-10).Percent);
        Assert.That(cost.FlopsPerStep, Is.EqualTo(cost.TrainingFlops / (5 * run.Sampler.BatchesPerEpoch)).Within(1e-10).Percent);
        Assert.That(cost.Parameters, Is.EqualTo(run.Model.ParameterCount));
        Assert.That(cost.OtherParameters + cost.EmbeddingParameters, Is.EqualTo(cost.Parameters));
        Assert.That(cost.TokensPerSecond, Is.GreaterThan(0));
        Assert.That(cost.Utilization, Is.GreaterThan(0).And.LessThan(1));
        Assert.That(cost.DeviceBytes, Is.GreaterThan(4 * 4 * cost.Parameters / 2), "weights, moments and activations");
        Assert.That(RunSummary.Read(RunFolder.Open(Folder["run"]).SummaryPath).Cost, Is.EqualTo(cost), "summary.json holds it");
    }

    [Test]
    public void A_peak_that_is_given_is_taken()
    {
        var cost = TrainingRun.Execute(
            TinyRun.Configuration("training.epochs=1"), Device,
                new TrainingRunOptions { RunDirectory = Folder["run"], PeakFlopsPerSecond = 1e15 }).Summary.Cost!;
        Assert.That(cost.PeakFlopsPerSecond, Is.EqualTo(1e15));
        Assert.That(cost.Utilization, Is.EqualTo(cost.FlopsPerSecond / 1e15));
        Assert.That(cost.PeakSource, Is.EqualTo("given"));
    }

    [Test]
    public void A_run_that_was_resumed_took_what_one_did_that_never_stopped()
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { AfterEpoch = epoch => { if (epoch == 3) { stop.Cancel(); } } };
        var (configuration, options) = (TinyRun.Configuration(), new TrainingRunOptions { RunDirectory = Folder["run"] });
        Assert.That(() => TrainingRun.Execute(configuration, Device, options, observer, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var resumed = TrainingRun.Resume(Folder["run"], Device)!.Summary.Cost!;
        var whole = TrainingRun.Execute(configuration, Device, options with { RunDirectory = Folder["whole"] }).Summary.Cost!;
        Assert.That((resumed.Tokens, resumed.TrainingFlops), Is.EqualTo((whole.Tokens, whole.TrainingFlops)));
        var seconds = MetricsLog.Read(RunFolder.Open(Folder["run"]).TimingPath).Sum(record => record.Find("seconds"));
        Assert.That(resumed.TrainingSeconds, Is.EqualTo(seconds), "of both processes");
    }

    /// <summary>Counts the arithmetic of steps, not that of evaluations or of reserving memory.</summary>
    private sealed class CountingObserver(Engine.Device device, OperationCount count) : ITrainingObserver
    {
        public void Planned(TrainingPlan plan) => device.Count = count;

        public void Stepped(TrainingProgress progress) => device.Count = progress.Step % (progress.Steps / progress.Epochs) == 0 ? null : count;

        public void EpochEnded(int epoch, double loss, string split, Retrieval.Metrics.RankingMetrics? metrics) =>
            device.Count = epoch == 5 ? null : count;

        public void Ranked(string split, int done, int examples) => device.Count = null;
    }
}
