using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>Whole runs under each loss.</summary>
public sealed class LossKindTests : RunFixture
{
    private static readonly string[] Kinds = ["sampled-softmax", "full-softmax", "bce", "gbce"];

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

    [TestCase("loss.negatives_from=popularity")]
    [TestCase("loss.negatives_from=popularity", "loss.logq_correction=true")]
    [TestCase("loss.negatives_from=batch")]
    [TestCase("loss.shared_negatives=true")]
    [TestCase("loss.kind=bce", "loss.negatives_from=batch", "loss.shared_negatives=true")]
    public void However_negatives_are_drawn_two_trainings_have_the_same_bits_and_learn(params string[] keys)
    {
        string[] overrides = [.. keys, "training.epochs=20", "data.generator.users=150"];
        var summaries = new List<RunSummary>();
        foreach (var name in (string[])["one", "two"])
        {
            summaries.Add(TrainingRun.Execute(
                TinyRun.Configuration(overrides), Device, new TrainingRunOptions { RunDirectory = Folder[name] }, new RecordingObserver()).Summary);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summaries[1].Test, Is.EqualTo(summaries[0].Test));
            Assert.That(summaries[0].Test["hr@10"], Is.GreaterThan(summaries[0].Floors["popularity"]["hr@10"]));
        }
    }

    private static string[] Of(string kind, params string[] more) =>
        [$"loss.kind={kind}", .. kind == "full-softmax" ? (string[])["loss.negatives=0"] : [], .. more];
}
