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

    private static string[] Of(string kind, params string[] more) =>
        [$"loss.kind={kind}", .. kind == "full-softmax" ? (string[])["loss.negatives=0"] : [], .. more];
}
