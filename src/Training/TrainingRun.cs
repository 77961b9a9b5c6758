using System.Diagnostics;
using LargeRec.Autograd;
using LargeRec.Data.Events;
using LargeRec.Engine;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Training.Profiling;

namespace LargeRec.Training;

/// <summary>
/// A whole run: read the data, train epoch by epoch, evaluate, keep everything in a run folder. The same configuration gives the same metrics.jsonl and the
/// same weights, bit for bit, whatever the number of threads and however often the run was stopped, killed and resumed.
/// </summary>
public static class TrainingRun
{
    /// <summary>Trains, evaluates and writes a new run folder.</summary>
    /// <param name="configuration">What to compute.</param>
    /// <param name="device">Where; it owns the model's memory afterwards too.</param>
    /// <param name="options">Where data and results are.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="cancellation">Stops after the step at work, which is saved: <see cref="Resume"/> goes on from there.</param>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite; the step is named.</exception>
    /// <exception cref="RunFolderException">The run folder is not empty.</exception>
    /// <exception cref="ConfigurationException">The configuration does not fit the data.</exception>
    /// <exception cref="DataFormatException">The data cannot be read, or no user has enough events.</exception>
    public static TrainingResult Execute(
        RunConfiguration configuration, Device device, TrainingRunOptions? options = null, ITrainingObserver? observer = null,
        CancellationToken cancellation = default)
    {
        options ??= new TrainingRunOptions();
        var clock = Stopwatch.StartNew();
        if (options.RunDirectory is { } wanted)
        {
            RunFolder.RequireFree(wanted);
        }

        var session = new TrainingSession(
            configuration, device, new ExperimentDataOptions { DataDirectory = options.DataDirectory, Cache = options.Cache }, options.TraceNonFinite, observer,
            cancellation);

        var profiler = new StepProfiler(session, options.ProfiledSteps, session.Steps);

        // The folder comes last: whatever was wrong so far has left nothing behind.
        RunLock held;
        var folder = options.RunDirectory is { } path
            ? RunFolder.Create(path, out held)
            : RunFolder.CreateNext("runs", configuration.Data.Name, configuration.Model.Backbone.ToString().ToLowerInvariant(), out held);
        using (held)
        {
            folder.WriteConfiguration(configuration);
            ResumeRules.EnvironmentOf(device, configuration.Training.Seed).Write(folder.EnvironmentPath);
            return Train(session, folder, new RunRecorder(folder, options.Time), new RunPosition(), profiler, options.PeakFlopsPerSecond, clock, observer,
                cancellation);
        }
    }

    /// <summary>
    /// Goes on with a run that was stopped or killed, from its last checkpoint, or from the start where there is none yet: final weights, checkpoint and
    /// metrics.jsonl are, bit for bit, those of a run that was never stopped. What was recorded after the checkpoint is cut back first.
    /// </summary>
    /// <param name="runDirectory">The run folder; its config.json says what to compute.</param>
    /// <param name="device">Where.</param>
    /// <param name="options">Where the data are, and what else may differ from the first time.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="cancellation">Stops after the step at work, which is saved.</param>
    /// <returns>The finished run; null where it was finished before: nothing is changed then.</returns>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite; the step is named.</exception>
    /// <exception cref="RunFolderException">
    /// There is no run, another training is using it, its last checkpoint is damaged, the data have changed, or the device computes other bits.
    /// </exception>
    /// <exception cref="ConfigurationException">A key differs from the run's own that must not; it is named.</exception>
    /// <exception cref="DataFormatException">The data cannot be read.</exception>
    public static TrainingResult? Resume(
        string runDirectory, Device device, ResumeOptions? options = null, ITrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        options ??= new ResumeOptions();
        var clock = Stopwatch.StartNew();
        var folder = RunFolder.Open(runDirectory);
        var own = folder.ReadConfiguration();
        var configuration = ResumeRules.Resolve(folder, own, options.Overrides);
        if (IsAtItsEnd(folder, own, configuration, observer))
        {
            return null;
        }

        using var held = RunLock.Take(folder);
        var now = ResumeRules.EnvironmentOf(device, configuration.Training.Seed);
        var begun = File.Exists(folder.EnvironmentPath) ? RunEnvironment.Read(folder.EnvironmentPath) : null;
        ResumeRules.RequireSameBits(folder, begun ?? now, now, options.AllowDifferentBits);
        if (begun is not null && (begun.Version, begun.Commit) != (now.Version, now.Commit))
        {
            observer?.Note($"the run was begun with version {begun.Version} ({begun.Commit ?? "commit not known"}), this is {now.Version} "
                + $"({now.Commit ?? "commit not known"})");
        }

        var session = new TrainingSession(
            configuration, device, new ExperimentDataOptions { DataDirectory = options.DataDirectory, Cache = options.Cache }, options.TraceNonFinite, observer,
            cancellation);
        var checkpoint = OpenLast(folder);
        if (checkpoint is not null)
        {
            ResumeRules.RequireSame(folder, checkpoint.State, session.Fingerprint, session.ChoosingMetric);
            session.Restore(checkpoint);
        }

        var profiler = new StepProfiler(session, options.ProfiledSteps, session.Steps - session.Trainer.Step);

        // Only now is anything changed, in an order that may be ended at any place.
        var recorder = new RunRecorder(folder, options.Time);
        recorder.CutBack(checkpoint?.State);
        folder.RemoveUnfinished();
        File.Delete(folder.SummaryPath);
        folder.WriteConfiguration(configuration);
        if (begun is null || !ResumeRules.AreSameBits(begun, now))
        {
            now.Write(folder.EnvironmentPath);
        }

        observer?.Note(checkpoint is null ? "no checkpoint yet: beginning again at step 0" : $"going on from step {checkpoint.State.Step}");
        var position = checkpoint is null ? new RunPosition() : RunPosition.Of(checkpoint.State);
        return Train(session, folder, recorder, position, profiler, options.PeakFlopsPerSecond, clock, observer, cancellation);
    }

    private static TrainingResult Train(
        TrainingSession session, RunFolder folder, RunRecorder recorder, RunPosition position, StepProfiler profiler, double? peak, Stopwatch clock,
        ITrainingObserver? observer, CancellationToken cancellation)
    {
        if (!File.Exists(folder.ItemsPath) || !File.Exists(folder.HistoriesPath))
        {
            recorder.WriteItems(session.Data.Sequences);
        }

        observer?.Planned(session.PlanFor(folder.FolderPath));
        var loop = new TrainingLoop(session, position, recorder, new TrainingPace(clock), profiler, observer, cancellation);
        loop.Run();
        return new RunFinisher(session, folder, recorder, observer, cancellation).Finish(position, loop, profiler.Result, peak, () =>
            clock.Elapsed.TotalSeconds);
    }

    private static bool IsAtItsEnd(RunFolder folder, RunConfiguration own, RunConfiguration wanted, ITrainingObserver? observer)
    {
        if (!folder.IsFinished)
        {
            return false;
        }

        var isLonger = wanted.Training.Epochs > own.Training.Epochs;
        var stoppedAt = RunSummary.Read(folder.SummaryPath).StoppedEarlyAtEpoch;
        if (isLonger && stoppedAt is null)
        {
            return false;
        }

        if (!File.Exists(folder.ReportPath))
        {
            // Killed between its summary and what is made from it.
            RunReport.Write(folder);
        }

        observer?.Note(stoppedAt is null
            ? $"{folder.FolderPath}: the run is finished ({own.Training.Epochs} epochs); nothing was changed"
            : $"{folder.FolderPath}: the run is finished: it stopped early at epoch {stoppedAt}{(isLonger ? ", and more epochs do not change that" : "")}; "
                + $"nothing was changed");
        return true;
    }

    private static Checkpoint? OpenLast(RunFolder folder)
    {
        var store = folder.Checkpoints;
        store.Recover();
        var steps = store.Steps;
        if (steps.Count == 0)
        {
            return null;
        }

        try
        {
            return store.Open(steps[^1]);
        }
        catch (RunFolderException exception)
        {
            var before = steps.Count > 1 ? $"step {steps[^2]}" : "the start";
            throw new RunFolderException($"{exception.Message}; delete {store.PathOf(steps[^1])} to go on from {before}", exception);
        }
    }
}
