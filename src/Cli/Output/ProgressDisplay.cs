using LargeRec.Retrieval.Metrics;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Shows on stderr what a run does: a live line on a terminal, plain lines elsewhere. Results never go here.</summary>
internal abstract class ProgressDisplay : ITrainingObserver, IDisposable
{
    private static readonly string[] Headlines = ["hr@10", "ndcg@10", "mrr"];

    /// <summary>The display that fits where stderr goes.</summary>
    public static ProgressDisplay Create() => Console.IsErrorRedirected ? new PlainProgress() : new TerminalProgress();

    public abstract void Phase(string description);

    public abstract void Note(string line);

    public void Planned(TrainingPlan plan)
    {
        Note($"data: {plan.Users:N0} users, {plan.Items:N0} candidates, {plan.Events:N0} events");
        Note($"model: {plan.Parameters:N0} parameters; {plan.Epochs} epochs of {plan.StepsPerEpoch} steps on {plan.Device}");
        Note($"run folder: {plan.RunDirectory}");
    }

    public abstract void Stepped(TrainingProgress progress);

    public abstract void Ranked(string split, int done, int examples);

    public void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics) => Note(
        metrics is null ? $"epoch {epoch}: loss {loss:F4}" : $"epoch {epoch}: loss {loss:F4}, {split} {Headline(metrics)}");

    public void Dispose() => End();

    /// <summary>Leaves the terminal as it should be for what comes next; may be called more than once.</summary>
    protected virtual void End()
    {
    }

    protected static string Describe(TrainingProgress progress) =>
        $"epoch {progress.Epoch}/{progress.Epochs} step {progress.Step}/{progress.Steps} loss {progress.Loss:F4} {progress.TokensPerSecond / 1000:F0}k events/s, {Duration(progress.Remaining)} left";

    protected static string Describe(string split, int done, int examples) => $"evaluating {split}: {done:N0} of {examples:N0}";

    private static string Headline(RankingMetrics metrics) => string.Join(
        ", ", Headlines.Where(metrics.Values.ContainsKey).Select(name => $"{MetricNames.Shown(name)} {metrics.Values[name]:F4}"));

    private static string Duration(TimeSpan time)
    {
        var seconds = Math.Max(0, (long)Math.Ceiling(time.TotalSeconds));
        return seconds < 60 ? $"{seconds}s" : seconds < 3600 ? $"{seconds / 60}m {seconds % 60:00}s" : $"{seconds / 3600}h {seconds / 60 % 60:00}m";
    }
}
