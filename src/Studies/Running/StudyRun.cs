using System.Runtime.ExceptionServices;
using LargeRec.Autograd;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;
using LargeRec.Engine;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Results;
using LargeRec.Training;

namespace LargeRec.Studies.Running;

/// <summary>
/// Trains a study's cells, several at once, each in a run folder of its own. Whatever ends it, the same study in the same folder goes on: finished cells are
/// not trained again, one that was begun goes on from its last checkpoint, bit for bit as if it had never stopped. Cells' results do not depend on how many
/// are at work.
/// </summary>
public sealed class StudyRun
{
    private readonly StudyDefinition _study;
    private readonly StudyFolder _folder;
    private readonly StudyOptions _options;
    private readonly Func<int, Device> _openDevice;
    private readonly IStudyObserver _observer;
    private readonly IReadOnlyList<StudyCell> _cells;
    private readonly Lock _gate = new();

    /// <param name="study">What to compute.</param>
    /// <param name="folder">Where; new, empty, or of this study.</param>
    /// <param name="options">How.</param>
    /// <param name="openDevice">Opens a device for one cell, with so many threads where it has threads.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <exception cref="ConfigurationException">A cell's configuration cannot be used.</exception>
    public StudyRun(StudyDefinition study, StudyFolder folder, StudyOptions options, Func<int, Device> openDevice, IStudyObserver? observer = null)
    {
        (_study, _folder, _options, _openDevice, _observer) = (study, folder, options, openDevice, observer ?? new SilentObserver());
        _cells = StudyCells.Of(study);
    }

    private ExperimentDataOptions DataOptions => new() { DataDirectory = _options.DataDirectory, Cache = _options.Cache };

    /// <summary>Says what would be done, and what it would take; writes nothing.</summary>
    /// <exception cref="RunFolderException">The folder holds another study's cells.</exception>
    public StudyPlan Plan(CancellationToken cancellation = default) => Prepare(cancellation).Plan;

    /// <summary>Trains what is not finished, then makes the results.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; the cells at work were saved.</exception>
    /// <exception cref="RunFolderException">The folder holds another study's cells, or is in use.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public StudyResult Execute(CancellationToken cancellation = default)
    {
        using var held = _folder.Take();
        var (plan, schedule) = Prepare(cancellation);
        _folder.WriteDefinition(_study);
        _observer.Planned(plan);
        foreach (var other in _folder.OthersThan(_cells))
        {
            _observer.Note($"note: {Path.Combine(_folder.CellsPath, other)} is no cell of this study; it stays, and its results are left out");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? fault = null;
        void Work()
        {
            try
            {
                while (schedule.Take(stop.Token) is { } cell)
                {
                    Train(cell, schedule, plan.ThreadsACell, stop);
                }
            }
#pragma warning disable CA1031 // whatever ends one thread ends the others, and is thrown again on the caller's
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    fault = exception is OperationCanceledException ? fault ?? ExceptionDispatchInfo.Capture(exception)
                        : ExceptionDispatchInfo.Capture(exception);
                }

                stop.Cancel();
            }
        }

        Thread[] workers = [.. Enumerable.Range(0, plan.Parallel).Select(i => new Thread(Work) { Name = $"cells {i}", IsBackground = true })];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        cancellation.ThrowIfCancellationRequested();
        fault?.Throw();
        return new StudyResult(
            _study, _folder, _cells, [.. _cells.Select(cell => (cell, _folder.FailureOf(cell)!)).Where(failed => failed.Item2 is not null)]);
    }

    private (StudyPlan Plan, CellSchedule Schedule) Prepare(CancellationToken cancellation)
    {
        var states = _cells.ToDictionary(cell => cell, cell => _folder.StateOf(cell));
        StudyCell[] left = [.. _cells.Where(cell => IsToBeTrained(cell, states[cell]))];
        var wanted = _options.Parallel ?? (_options.IsCpu ? Environment.ProcessorCount : 1);
        var parallel = Math.Max(1, Math.Min(wanted, left.Length));
        var memory = _options.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
        var estimates = new Dictionary<StudyCell, CellEstimate?>();
        if (_options.Estimate)
        {
            var estimator = new StudyEstimator(() => _openDevice(ThreadsOf(parallel)), DataOptions);
            var shapes = StudyEstimator.ShapesOf(left);
            foreach (var (cell, index) in left.Select((cell, index) => (cell, index)))
            {
                _observer.Phase(FormattableString.Invariant($"estimating: a few steps of {shapes} shapes, cell {index + 1} of {left.Length}"));
                cancellation.ThrowIfCancellationRequested();
                estimates[cell] = EstimateOf(estimator, cell, cancellation);
            }

            while (parallel > 1 && estimates.Values.Select(e => e?.Bytes ?? 0).OrderDescending().Take(parallel).Sum() > memory)
            {
                parallel--;
            }
        }

        var schedule = new CellSchedule(
            [.. left.Select(cell => (cell, estimates.GetValueOrDefault(cell)))], _cells.Count - left.Length, parallel, memory);
        return (
            new StudyPlan(
                _folder.FolderPath,
                [.. _cells.Select(cell => (cell, states[cell], estimates.GetValueOrDefault(cell)))],
                parallel,
                _options.IsCpu ? ThreadsOf(parallel) : 0,
                _options.Estimate ? schedule.Total : TimeSpan.Zero,
                schedule.PeakBytes),
            schedule);
    }

    /// <summary>A cell that cannot even be estimated fails when it is trained, where that is recorded.</summary>
    private CellEstimate? EstimateOf(StudyEstimator estimator, StudyCell cell, CancellationToken cancellation)
    {
        try
        {
            return estimator.Of(cell, cancellation);
        }
        catch (Exception fault) when (fault is ConfigurationException or NonFiniteException or OutOfMemoryException or NotSupportedException)
        {
            _observer.Note($"{cell.Name}: not estimated: {OneLine.Of(fault.Message)}");
            return null;
        }
    }

    private bool IsToBeTrained(StudyCell cell, CellState state) => state switch
    {
        CellState.Finished => false,
        CellState.Failed => _options.RetryFailed || !IsForGood(_folder.FailureOf(cell)!),
        _ => true,
    };

    private int ThreadsOf(int parallel) => Math.Max(1, (_options.Threads == 0 ? Environment.ProcessorCount : _options.Threads) / parallel);

    private void Train(StudyCell cell, CellSchedule schedule, int threads, CancellationTokenSource stop)
    {
        _observer.CellStarted(cell);
        string? failure = null;
        double? seconds = null;
        try
        {
            _folder.ClearFailure(cell);
            seconds = TrainOrResume(cell, schedule, threads, stop.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !(exception is IOException fault && DiskSpace.IsFull(fault)))
        {
            failure = $"{KindOf(exception)}: {OneLine.Of(exception.Message)}";
            _folder.WriteFailure(cell, failure);
        }

        schedule.End(cell, seconds);
        string headline;
        lock (_gate)
        {
            var table = ResultTable.Of(_study, _folder, _cells);
            table.WriteCsv(_folder.CsvPath);
            headline = failure is null ? table.HeadlineOf(cell, _study.Metrics) : "";
        }

        _observer.CellEnded(cell, failure, headline, schedule.Progress);
        if (failure is not null && _options.StopOnFailure)
        {
            stop.Cancel();
            throw new RunFolderException($"{cell.Name}: {failure}; stopped, as --stop-on-failure asks for");
        }
    }

    /// <summary>Trains a cell from the start, or from where it was stopped.</summary>
    /// <returns>What it took from the start; null where it went on.</returns>
    private double? TrainOrResume(StudyCell cell, CellSchedule schedule, int threads, CancellationToken cancellation)
    {
        var path = _folder.PathOf(cell);
        var observer = new CellObserver(cell, schedule, _observer);
        using var device = _openDevice(threads);
        if (File.Exists(Path.Combine(path, "config.json")))
        {
            TrainingRun.Resume(
                path,
                device,
                new ResumeOptions { DataDirectory = _options.DataDirectory, Cache = _options.Cache, PeakFlopsPerSecond = _options.PeakFlopsPerSecond },
                observer,
                cancellation);
            return null;
        }

        var result = TrainingRun.Execute(
            cell.Configuration,
            device,
            new TrainingRunOptions
            {
                DataDirectory = _options.DataDirectory,
                Cache = _options.Cache,
                RunDirectory = path,
                PeakFlopsPerSecond = _options.PeakFlopsPerSecond,
            },
            observer,
            cancellation);
        return result.Summary.Seconds;
    }

    /// <summary>What made NaN or infinity does so again, since the same configuration computes the same bits.</summary>
    private static bool IsForGood(string failure) => failure.StartsWith("not finite", StringComparison.Ordinal);

    private static string KindOf(Exception exception) => exception switch
    {
        NonFiniteException => "not finite",
        ConfigurationException => "configuration",
        DataFormatException or DatasetNotFoundException => "data",
        OutOfMemoryException => "out of memory",
        RunFolderException or IOException or UnauthorizedAccessException => "files",
        _ => exception.GetType().Name,
    };

    /// <summary>Hands a cell's progress on.</summary>
    private sealed class CellObserver(StudyCell cell, CellSchedule schedule, IStudyObserver study) : ITrainingObserver
    {
        public void Stepped(TrainingProgress progress)
        {
            schedule.Report(cell, 1 - ((double)progress.Step / progress.Steps));
            study.CellStepped(cell, progress, schedule.Progress);
        }

        public void Saving(long step) => study.Saving();

        public void Saved(long step) => study.Saved();
    }

    private sealed class SilentObserver : IStudyObserver;
}
