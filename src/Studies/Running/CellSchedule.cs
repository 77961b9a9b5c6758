using LargeRec.Studies.Definition;

namespace LargeRec.Studies.Running;

/// <summary>Which cell is next, and how long all of them will take. Used by several threads.</summary>
public sealed class CellSchedule
{
    /// <summary>A cell without an estimate counts as so many seconds beside others of the kind: only their number tells what is left.</summary>
    private const double Unknown = 1;

    private readonly Lock _gate = new();
    private readonly List<StudyCell> _waiting;
    private readonly Dictionary<StudyCell, CellEstimate?> _estimates;
    private readonly Dictionary<StudyCell, double> _atWork = [];
    private readonly int _parallel;
    private readonly long _memory;
    private readonly int _cells;
    private int _done;
    private double _estimated;
    private double _taken;

    /// <param name="cells">What is to be done, in order; with several at once the longest come first, so that none of them is last and alone.</param>
    /// <param name="done">Cells that are done already.</param>
    /// <param name="parallel">Cells at once.</param>
    /// <param name="memory">Bytes that they may take together.</param>
    public CellSchedule(IReadOnlyList<(StudyCell Cell, CellEstimate? Estimate)> cells, int done, int parallel, long memory)
    {
        _estimates = cells.ToDictionary(cell => cell.Cell, cell => cell.Estimate);
        _waiting = parallel == 1 ? [.. cells.Select(cell => cell.Cell)]
            : [.. cells.OrderByDescending(cell => cell.Estimate?.Seconds ?? Unknown).Select(cell => cell.Cell)];
        (_parallel, _memory, _done, _cells) = (parallel, memory, done, cells.Count + done);
    }

    /// <summary>Seconds that all cells will take, several at once.</summary>
    public TimeSpan Total => Progress.Remaining ?? TimeSpan.Zero;

    /// <summary>How far it is.</summary>
    public StudyProgress Progress
    {
        get
        {
            lock (_gate)
            {
                var pace = _estimated > 0 ? _taken / _estimated : 1;
                double[] left = [.. _waiting.Select(cell => Seconds(cell) * pace), .. _atWork.Values.Select(seconds => seconds * pace)];
                var isKnown = _estimated > 0 || _waiting.Concat(_atWork.Keys).All(cell => _estimates[cell] is not null);
                var seconds = left.Length == 0 ? 0 : Math.Max(left.Max(), left.Sum() / _parallel);
                return new StudyProgress(_done, _cells, _atWork.Count, isKnown ? TimeSpan.FromSeconds(Math.Min(seconds, 1e9)) : null);
            }
        }
    }

    /// <summary>Bytes that the largest cells at once take.</summary>
    public long PeakBytes => _estimates.Values.Select(estimate => estimate?.Bytes ?? 0).OrderDescending().Take(_parallel).Sum();

    /// <summary>The next cell that memory allows beside those at work; null where none is left. Waits where none fits now.</summary>
    public StudyCell? Take(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_gate)
            {
                var taken = _atWork.Keys.Sum(cell => _estimates[cell]?.Bytes ?? 0);
                var next = _waiting.FindIndex(cell => _atWork.Count == 0 || taken + (_estimates[cell]?.Bytes ?? 0) <= _memory);
                if (next >= 0)
                {
                    var cell = _waiting[next];
                    _waiting.RemoveAt(next);
                    _atWork[cell] = Seconds(cell);
                    return cell;
                }

                if (_waiting.Count == 0)
                {
                    return null;
                }
            }

            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>A cell at work has so much left of its own.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="share">From 1 to 0.</param>
    public void Report(StudyCell cell, double share)
    {
        lock (_gate)
        {
            _atWork[cell] = Seconds(cell) * Math.Clamp(share, 0, 1);
        }
    }

    /// <summary>A cell is over.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="seconds">What it took; null where that says nothing, as of one that failed or went on from a checkpoint.</param>
    public void End(StudyCell cell, double? seconds)
    {
        lock (_gate)
        {
            _atWork.Remove(cell);
            _done++;
            if (seconds is { } taken)
            {
                _taken += taken;
                _estimated += Seconds(cell);
            }
        }
    }

    private double Seconds(StudyCell cell) => _estimates[cell]?.Seconds ?? Unknown;
}
