using LargeRec.Engine.Profiling;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training;

/// <summary>
/// The end of a run: tests the best weights by validation, or the last, beside the floors, and writes what a finished run has. Everything comes from the
/// checkpoints, so a run that was ended here is finished by resuming it.
/// </summary>
internal sealed class RunFinisher(TrainingSession session, RunFolder folder, RunRecorder recorder, ITrainingObserver? observer, CancellationToken cancellation)
{
    /// <param name="position">Where the run stands: at its end.</param>
    /// <param name="loop">What trained it; its evaluations are not done again.</param>
    /// <param name="profile">What was profiled.</param>
    /// <param name="peak">The device's peak as it was given; null to measure it where that can be.</param>
    /// <param name="seconds">Seconds so far, asked at the very end.</param>
    public TrainingResult Finish(RunPosition position, TrainingLoop loop, StepProfile? profile, double? peak, Func<double> seconds)
    {
        var last = session.Trainer.Step;
        var step = position.Best?.Step ?? last;
        if (step != last)
        {
            session.LoadWeights(folder.Checkpoints.Open(step));
        }

        var epoch = (int)((step - 1) / session.StepsPerEpoch) + 1;
        var validation = session.HasValidation ? loop.BestValidation ?? session.Evaluate("validation", observer, cancellation) : null;
        var test = (session.HasValidation ? null : loop.Latest) ?? session.Evaluate("test", observer, cancellation);
        observer?.Phase("floors and intervals");
        var (evaluator, seed) = (session.Evaluator, session.Configuration.Training.Seed);
        var intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>> { ["test"] = evaluator.Intervals(test, seed) };
        if (validation is not null)
        {
            intervals["validation"] = evaluator.Intervals(validation, seed);
            recorder.RecordMetrics(step, epoch, "test", test);
        }

        var summary = new RunSummary
        {
            Test = test.Values,
            Validation = validation?.Values,
            Intervals = intervals,
            Floors = evaluator.Floors(session.Data.Split.Test).ToDictionary(f => f.Key, f => f.Value.Values),
            Protocol = evaluator.Protocol,
            Tests = test.Count,
            Users = test.UserCount,
            Items = session.Data.Sequences.Catalogue.Candidates.Length,
            Step = step,
            Epoch = epoch,
            StoppedEarlyAtEpoch = loop.StoppedEarly && position.Epoch <= session.Epochs ? position.Epoch - 1 : null,
            Cost = CostMeter.Of(session, folder, last / session.StepsPerEpoch, peak),
            Seconds = seconds(),
        };

        // The summary says that the run is finished, so it comes last but for what is made from it.
        summary.Write(folder.SummaryPath);
        RunReport.Write(folder);
        return new TrainingResult(folder, summary, session.Model, session.Data, session.Device) { Profile = profile };
    }
}
