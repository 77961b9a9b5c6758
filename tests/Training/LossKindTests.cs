using LargeRec.Engine.Profiling;

namespace LargeRec.Training.Tests;

/// <summary>Whole runs under each loss.</summary>
public sealed class LossKindTests : RunFixture
{
    private static readonly string[] Kinds = ["sampled-softmax", "full-softmax"];

    [TestCaseSource(nameof(Kinds))]
    public void A_model_learns_what_comes_next(string kind)
    {
        // 40 items, of which chance ranks 10 before the target in a quarter of the cases.
        string[] overrides = Of(kind, "training.epochs=30", "data.generator.users=200");
        var observer = new RecordingObserver();
        var summary = TrainingRun.Execute(
            TinyRun.Configuration(overrides), Device, new TrainingRunOptions { RunDirectory = Folder["run"] }, observer).Summary;
        Assert.That(observer.Epochs[^1].Loss, Is.LessThan(0.9 * observer.Epochs[0].Loss));
        Assert.That(summary.Test["hr@10"], Is.GreaterThan(summary.Floors["popularity"]["hr@10"]));
    }

    [TestCaseSource(nameof(Kinds))]
    public void What_a_run_says_it_cost_is_what_was_counted(string kind)
    {
        using var run = new TinyRun(false, Of(kind));
        var count = run.Device.Count = new OperationCount();
        run.Trainer.TrainOn(run.Batch(0), run.Batch(1));
        run.Device.Count = null;
        var session = new TrainingSession(TinyRun.Configuration(Of(kind)), Device, new Retrieval.Experiment.ExperimentDataOptions(), false, null, default);
        var lengths = Enumerable.Range(0, run.Batch(0).SequenceCount).Select(i => run.Batch(0).Offsets[i + 1] - run.Batch(0).Offsets[i]);
        var counts = lengths.Aggregate(default(Models.TokenCounts), (sum, length) => sum + Models.TokenCounts.OfLength(length));
        Assert.That(CostMeter.TrainingFlops(session, counts), Is.EqualTo(count.Flops).Within(1e-10).Percent);
    }

    private static string[] Of(string kind, params string[] more) =>
        [$"loss.kind={kind}", .. kind == "full-softmax" ? (string[])["loss.negatives=0"] : [], .. more];
}
