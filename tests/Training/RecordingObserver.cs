using LargeRec.Retrieval.Metrics;

namespace LargeRec.Training.Tests;

/// <summary>Keeps what a run tells.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<string> Told { get; } = [];

    public List<(string Source, long Rows)> Rows { get; } = [];

    public List<TrainingProgress> Steps { get; } = [];

    public List<(int Epoch, double Loss, string Split, RankingMetrics? Metrics)> Epochs { get; } = [];

    /// <summary>Is called after each epoch.</summary>
    public Action<int>? AfterEpoch { get; init; }

    public void Phase(string description) => Told.Add(description);

    public void RowsRead(string source, long rows) => Rows.Add((source, rows));

    public void Note(string line) => Told.Add(line);

    public void Planned(TrainingPlan plan) => Told.Add($"planned {plan.Epochs} epochs of {plan.StepsPerEpoch}");

    public void Stepped(TrainingProgress progress) => Steps.Add(progress);

    public void Ranked(string split, int done, int examples) => Told.Add($"ranked {split}");

    public void Saving(long step) => Told.Add($"saving {step}");

    public void Saved(long step) => Told.Add($"saved {step}");

    public void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics)
    {
        Epochs.Add((epoch, loss, split, metrics));
        AfterEpoch?.Invoke(epoch);
    }
}
