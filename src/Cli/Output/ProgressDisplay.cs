using System.Globalization;
using LargeRec.Retrieval.Metrics;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Shows on stderr what a run does: a live line on a terminal, plain lines elsewhere. Results never go here.</summary>
internal abstract class ProgressDisplay : ITrainingObserver, IDisposable
{
    private static readonly string[] Headlines = ["hr@10", "ndcg@10", "mrr"];

    private IReadOnlyList<string> _beforePlan = [];
    private TrainingPlan? _plan;
    private StopSignals? _signals;
    private long _savedStep;

    /// <summary>The display that fits where stderr goes.</summary>
    /// <param name="signals">What waits while a checkpoint is being written.</param>
    /// <param name="sharesTerminal">Somebody else may write to the terminal meanwhile, as <c>head</c> behind a pipe: no live line stays on it.</param>
    public static ProgressDisplay Create(StopSignals? signals = null, bool sharesTerminal = false)
    {
        ProgressDisplay display = Console.IsErrorRedirected ? new PlainProgress() : new TerminalProgress(sharesTerminal);
        display._signals = signals;
        return display;
    }

    public abstract void Phase(string description);

    public abstract void Note(string line);

    /// <summary>A line about work that goes on; shown now and then, and only made when it is.</summary>
    public abstract void Advanced(Func<string> line);

    public void RowsRead(string source, long rows)
    {
        // The first row says only that the file was opened, as the phase does.
        if (rows > 1)
        {
            Advanced(() => Invariant($"reading {source}: {rows:N0} rows so far"));
        }
    }

    public void Planned(TrainingPlan plan)
    {
        foreach (var line in _beforePlan)
        {
            Note(line);
        }

        (_plan, _savedStep) = (plan, plan.StepsDone);
        Note(Invariant($"data: {plan.Users:N0} users, {plan.Items:N0} candidates, {plan.Events:N0} events"));
        Note(Invariant($"model: {plan.Parameters:N0} parameters; {plan.Epochs} epochs of {plan.StepsPerEpoch} steps on {plan.Device}"));
        Note($"run folder: {plan.RunDirectory}");
    }

    /// <summary>Lines to be shown above the plan, once it is known that the data can be used: whoever mistyped a file's name is not shown every setting
    /// first.</summary>
    public void ShowWithPlan(IReadOnlyList<string> lines) => _beforePlan = lines;

    public abstract void Stepped(TrainingProgress progress);

    public abstract void Ranked(string split, int done, int examples);

    /// <summary>Takes the live line away, so that something can be printed in its place.</summary>
    public virtual void Pause()
    {
    }

    public void Saving(long step)
    {
        _signals?.Hold();
        if (_signals?.Token.IsCancellationRequested == true)
        {
            Note(Invariant($"stopping: saving step {step} (once more ends at once)"));
        }
    }

    public void Saved(long step)
    {
        _savedStep = step;
        _signals?.Release();
    }

    public void EpochEnded(int epoch, double loss, string split, RankingMetrics? metrics)
    {
        var scores = metrics is null ? "" : $", {split} {Headline(metrics)}";
        Note(Invariant($"epoch {epoch}/{_plan?.Epochs}: loss {loss:F4}") + scores);
    }

    /// <summary>Says how to go on with a run that was stopped, where there is one.</summary>
    /// <param name="arguments">What the command line needs beside the run folder.</param>
    public void Stopped(string arguments)
    {
        if (_plan is not null)
        {
            var folder = _plan.RunDirectory.Contains(' ', StringComparison.Ordinal) ? $"'{_plan.RunDirectory}'" : _plan.RunDirectory;
            var saved = _savedStep == 0 ? "no step was done yet; begin again with" : Invariant($"saved at step {_savedStep}; go on with");
            Note($"{saved}: largerec train --resume {folder}{arguments}");
        }
    }

    public void Dispose() => End();

    /// <summary>Leaves the terminal as it should be for what comes next; may be called more than once.</summary>
    protected virtual void End()
    {
    }

    protected static string Describe(TrainingProgress progress) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {progress.Epoch}/{progress.Epochs} step {progress.Step}/{progress.Steps} loss {progress.Loss:F4} {Rate(progress.TokensPerSecond)}, "
        + $"{Duration(progress.Remaining)} left");

    protected static string Describe(string split, int done, int examples) => Invariant($"evaluating {split}: {done:N0} of {examples:N0}");

    private static string Headline(RankingMetrics metrics) => string.Join(
        ", ", Headlines.Where(metrics.Values.ContainsKey).Select(name => Invariant($"{MetricNames.Shown(name)} {metrics.Values[name]:F4}")));

    private static string Rate(double perSecond) => perSecond < 9950 ? Invariant($"{perSecond:N0} events/s") : Invariant($"{perSecond / 1000:F0}k events/s");

    /// <summary>A time in two units at most: <c>9s</c>, <c>3m 07s</c>, <c>2h 05m</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = Math.Max(0, (long)Math.Ceiling(time.TotalSeconds));
        return seconds < 60 ? Invariant($"{seconds}s")
            : seconds < 3600 ? Invariant($"{seconds / 60}m {seconds % 60:00}s")
            : Invariant($"{seconds / 3600}h {seconds / 60 % 60:00}m");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
