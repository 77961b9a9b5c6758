using System.Diagnostics;
using LargeRec.Data.Batching;
using LargeRec.Data.Events;
using LargeRec.Engine;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Training;

/// <summary>Finds out what a training will take by doing a little of it: nothing is written, and the model is thrown away.</summary>
public static class TrainingProbe
{
    private const int MostSteps = 8;
    private const int MostBatchesRanked = 2;

    /// <summary>Reads the data, makes the model, trains a few steps and ranks a few held-out events.</summary>
    /// <param name="configuration">What would be trained.</param>
    /// <param name="device">Where; its memory is the probe's.</param>
    /// <param name="options">Where the data are.</param>
    /// <param name="time">About so long is trained, and ranked; at least one step after one that warms up.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ConfigurationException">The configuration does not fit the data.</exception>
    /// <exception cref="DataFormatException">The data cannot be read, or no user has enough events.</exception>
    public static TrainingEstimate Measure(
        RunConfiguration configuration, Device device, ExperimentDataOptions options, TimeSpan time, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var session = new TrainingSession(configuration, device, options, traceNonFinite: false, observer: null, cancellation);
        var start = clock.Elapsed.TotalSeconds;

        // What compiles and touches memory first is not what recurs.
        var batch = new JaggedBatch();
        session.Sampler.Fill(batch, 0);
        session.Trainer.TrainOn(batch);
        var (seconds, tokens, steps) = (0.0, 0L, 0);
        while (steps == 0 || (steps < MostSteps && seconds < time.TotalSeconds))
        {
            cancellation.ThrowIfCancellationRequested();
            session.Sampler.Fill(batch, (1 + steps) % Math.Max(1, session.Steps));
            clock.Restart();
            session.Trainer.TrainOn(batch);
            seconds += clock.Elapsed.TotalSeconds;
            tokens += batch.TokenCount;
            steps++;
        }

        var counts = session.CountsOf(1);
        return new TrainingEstimate(
            session.Model.ParameterCount,
            counts.Tokens,
            session.StepsPerEpoch,
            CostMeter.TrainingFlops(session, counts),
            start,
            seconds / tokens * counts.Tokens,
            EvaluationSeconds(session, cancellation),
            device.HeldBytes);
    }

    private static double EvaluationSeconds(TrainingSession session, CancellationToken cancellation)
    {
        var test = session.Data.Split.Test;
        var size = session.Configuration.Evaluation.BatchSize;
        var seconds = 0.0;
        var ranked = 0;

        // Of two batches the second: the first one's memory is new.
        for (var i = 0; i < MostBatchesRanked; i++)
        {
            ranked = Math.Min(size, test.Length);
            var from = Math.Min(i * size, test.Length - ranked);
            var clock = Stopwatch.StartNew();
            session.Evaluator.Evaluate(session.Model, session.Device, test.Slice(from, ranked), null, cancellation);
            seconds = clock.Elapsed.TotalSeconds;
        }

        return seconds / ranked * test.Length;
    }
}
