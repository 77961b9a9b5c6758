using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

public sealed class EarlyStoppingTests : RunFixture
{
    private static readonly string[] Restless = ["training.epochs=30", "optimizer.learning_rate=0.05", "training.early_stopping=2", "evaluation.bootstrap=5"];

    [Test]
    public void It_stops_after_so_many_validations_without_a_new_best_and_the_best_is_tested()
    {
        var observer = new RecordingObserver();
        var result = TrainingRun.Execute(TinyRun.Configuration(Restless), Device, new TrainingRunOptions { RunDirectory = Folder["run"] }, observer);
        var values = observer.Epochs.Select(e => e.Metrics!.Values["ndcg@10"]).ToArray();
        var best = Array.IndexOf(values, values.Max()) + 1;
        Assert.That(values, Has.Length.LessThan(30), "it must stop early, or this test shows nothing");
        Assert.That(values, Has.Length.EqualTo(best + 2));
        Assert.That(result.Summary.Epoch, Is.EqualTo(best));
        Assert.That(result.Summary.StoppedEarlyAtEpoch, Is.EqualTo(best + 2));
        Assert.That(RunSummary.Read(Folder["run/summary.json"]).StoppedEarlyAtEpoch, Is.EqualTo(best + 2));

        var again = new RecordingObserver();
        Assert.That(TrainingRun.Resume(Folder["run"], Device, new ResumeOptions { Overrides = ["training.epochs=50"] }, again), Is.Null);
        Assert.That(again.Told.Single(), Does.Contain($"it stopped early at epoch {best + 2}, and more epochs do not change that"));
    }

    [Test]
    public void Killed_before_its_summary_it_stops_early_all_the_same()
    {
        TrainingRun.Execute(TinyRun.Configuration(Restless), Device, new TrainingRunOptions { RunDirectory = Folder["whole"] });
        TrainingRun.Execute(TinyRun.Configuration(Restless), Device, new TrainingRunOptions { RunDirectory = Folder["run"] });
        File.Delete(Folder["run/summary.json"]);
        TrainingRun.Resume(Folder["run"], Device);
        EqualRuns.AssertEqual(Folder["run"], Folder["whole"], "early stop");
    }

    [Test]
    public void A_run_that_goes_to_its_end_says_nothing_of_it()
    {
        var result = TrainingRun.Execute(
            TinyRun.Configuration("training.epochs=2", "training.early_stopping=5"), Device, new TrainingRunOptions { RunDirectory = Folder["run"] });
        Assert.That(result.Summary.StoppedEarlyAtEpoch, Is.Null);
    }

    [Test]
    public void Without_a_validation_it_is_an_error() => Assert.That(
        () => TinyRun.Configuration("training.early_stopping=2", "data.split=published"),
        Throws.TypeOf<ConfigurationException>().With.Message.Contains("training.early_stopping is 2; it must be")
        .And.Message.Contains("no validation to stop by"));
}
