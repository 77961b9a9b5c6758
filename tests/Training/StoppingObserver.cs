using LargeRec.Retrieval.Metrics;

namespace LargeRec.Training.Tests;

/// <summary>Calls a function at every moment of a run that an observer hears of, which it may stop there.</summary>
internal sealed class StoppingObserver(Action<string> moment) : ITrainingObserver
{
    public void Phase(string description) => moment(description);

    public void Note(string line) => moment(line);

    public void Planned(TrainingPlan plan) => moment("planned");

    public void Stepped(TrainingProgress progress) => moment($"step {progress.Step}");

    public void Ranked(string split, int done, int examples) => moment($"ranked {split}");

    public void Saving(long step) => moment($"saving {step}");

    public void Saved(long step) => moment($"saved {step}");

    public void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics) => moment($"epoch {epoch}");
}
