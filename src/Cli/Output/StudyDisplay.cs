using System.Globalization;
using LargeRec.Data.Download;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Shows a study's progress on the display that other long work has; several cells tell it at once.</summary>
internal sealed class StudyDisplay(ProgressDisplay display, StopSignals signals) : IStudyObserver
{
    private const int MostShown = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TrainingProgress?> _atWork = [];
    private int _saving;

    /// <summary>Whether training began, so that there is something to go on with.</summary>
    public bool HasBegun { get; private set; }

    public void Phase(string description)
    {
        lock (_gate)
        {
            display.Advanced(() => description);
        }
    }

    public void Note(string line)
    {
        lock (_gate)
        {
            display.Note(line);
        }
    }

    public void Planned(StudyPlan plan)
    {
        HasBegun = true;
        foreach (var line in LinesOf(plan))
        {
            Note(line);
        }
    }

    public void CellStarted(StudyCell cell)
    {
        lock (_gate)
        {
            _atWork[cell.Name] = null;
        }
    }

    public void CellStepped(StudyCell cell, TrainingProgress progress, StudyProgress study)
    {
        lock (_gate)
        {
            _atWork[cell.Name] = progress;
            display.Advanced(() => Line(study));
        }
    }

    public void CellEnded(StudyCell cell, string? failure, string headline, StudyProgress study)
    {
        lock (_gate)
        {
            _atWork.Remove(cell.Name);
            display.Note(Invariant($"{study.Done}/{study.Cells} {cell.Name}: {(failure is null ? headline : $"failed: {failure}")}"));
        }
    }

    public void Saving()
    {
        lock (_gate)
        {
            if (_saving++ == 0)
            {
                signals.Hold();
            }
        }
    }

    public void Saved()
    {
        lock (_gate)
        {
            if (--_saving == 0)
            {
                signals.Release();
            }
        }
    }

    /// <summary>What a study is about to do, in words.</summary>
    public static IEnumerable<string> LinesOf(StudyPlan plan)
    {
        var left = plan.Cells.Count(cell => cell.State is CellState.Waiting or CellState.Begun);
        var threads = plan.ThreadsACell > 0 ? $", {plan.ThreadsACell} {(plan.ThreadsACell == 1 ? "thread" : "threads")} each" : "";
        yield return Invariant(
            $"{plan.Cells.Count} cells, {plan.Cells.Count(cell => cell.State == CellState.Finished)} of them finished; {plan.Parallel} at once{threads}");
        if (left > 0 && plan.Remaining > TimeSpan.Zero)
        {
            yield return $"estimate: about {ProgressDisplay.Duration(plan.Remaining)}, {ByteSize.Text(plan.PeakBytes)} of memory";
        }

        yield return $"study folder: {plan.Folder}";
    }

    private string Line(StudyProgress study)
    {
        var shown = _atWork.Take(MostShown).Select(cell => cell.Value is { } at ? Invariant($"{cell.Key} {at.Epoch}/{at.Epochs} loss {at.Loss:F3}") : cell.Key);
        var left = study.Remaining is { } remaining ? $", {ProgressDisplay.Duration(remaining)} left" : "";
        return Invariant($"{study.Done}/{study.Cells} cells{left}; {string.Join("; ", shown)}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
