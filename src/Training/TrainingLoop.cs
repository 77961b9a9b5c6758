using LargeRec.Data.Batching;
using LargeRec.Engine.Profiling;
using LargeRec.Retrieval.Metrics;
using LargeRec.Training.Profiling;

namespace LargeRec.Training;

/// <summary>Epochs of steps from wherever a run stands, each with its evaluation and its checkpoint; a cancellation saves the step that it stopped
/// at.</summary>
internal sealed class TrainingLoop(
    TrainingSession session, RunPosition position, RunRecorder recorder, TrainingPace pace, StepProfiler profiler, ITrainingObserver? observer,
    CancellationToken cancellation)
{
    private (int Epoch, int StepsOfEpoch) _saved = (position.Epoch, position.StepsOfEpoch);
    private JaggedBatch? _next;

    /// <summary>The latest evaluation that this process did, at the step it stands at; null where it has trained on since.</summary>
    public RankingMetrics? Latest { get; private set; }

    /// <summary>The validation of the best step, where this process did it.</summary>
    public RankingMetrics? BestValidation { get; private set; }

    /// <summary>Early stopping says that no better validation is to be expected.</summary>
    public bool StoppedEarly => session.Configuration.Training.EarlyStopping is { } patience && position.EvaluationsSinceBest >= patience;

    private long Step => session.Trainer.Step;

    private bool EpochIsDone => position.StepsOfEpoch == session.StepsPerEpoch;

    /// <summary>Trains to the end.</summary>
    /// <exception cref="OperationCanceledException">It was stopped, and the step saved.</exception>
    public void Run()
    {
        var first = ((long)(position.Epoch - 1) * session.StepsPerEpoch) + position.StepsOfEpoch;
        using var prefetcher = new Prefetcher(session.Sampler, Math.Min(first, session.Steps), session.Steps);
        JaggedBatch? TakeNext() => _next = Take(prefetcher, CancellationToken.None);
        Func<JaggedBatch?> next = TakeNext;
        try
        {
            while (position.Epoch <= session.Epochs && !StoppedEarly)
            {
                while (!EpochIsDone)
                {
                    cancellation.ThrowIfCancellationRequested();
                    TakeStep(prefetcher, next);
                }

                EndEpoch();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Save();
            throw;
        }
        finally
        {
            profiler.LeaveDevice(observer);
        }
    }

    private void TakeStep(Prefetcher prefetcher, Func<JaggedBatch?> next)
    {
        profiler.Begin(Step + 1);
        var batch = _next ?? Take(prefetcher, cancellation) ?? throw new InvalidOperationException("The batches ended before the epochs did.");
        _next = null;
        Latest = null;
        pace.Begin();
        var tokens = batch.TokenCount;
        var loss = session.Trainer.TrainOn(batch, next);
        position.Add(loss, tokens);
        pace.End(tokens);
        recorder.RecordStep(session.Trainer, loss, pace);
        observer?.Stepped(new TrainingProgress(
            Step, session.Steps, position.Epoch, session.Epochs, position.MeanLoss, pace.TokensPerSecond,
            pace.Remaining(session.Steps - Step, session.Epochs - position.Epoch + 1)));
        profiler.End(recorder, observer);
        if (session.Configuration.Training.CheckpointEvery is { } every && Step % every == 0)
        {
            Save();
        }
    }

    /// <summary>The next batch, if there is one. In the middle of a step nothing cancels it, as a step is done whole or not at all.</summary>
    private JaggedBatch? Take(Prefetcher prefetcher, CancellationToken token)
    {
        var taken = prefetcher.TryTake(out var batch, token) ? batch : null;
        session.Device.Profile?.Mark("wait for batch", ProfilePhase.Data);
        return taken;
    }

    private void EndEpoch()
    {
        var epoch = position.Epoch;
        session.RequireFinite();

        // Evaluated before anything is recorded, so that a stop in the middle leaves nothing that would be recorded twice.
        var (split, metrics) = EvaluateEpoch();
        var loss = position.MeanLoss;
        recorder.RecordEpoch(Step, epoch, loss, split, metrics);
        Latest = metrics;
        if (metrics is not null && session.HasValidation && position.Judge(Step, metrics, session.ChoosingMetric))
        {
            BestValidation = metrics;
        }

        position.EndEpoch();
        Save();
        pace.EndEpoch();
        observer?.EpochEnded(epoch, loss, split, metrics);
    }

    private (string Split, RankingMetrics? Metrics) EvaluateEpoch()
    {
        if (position.Epoch % session.Configuration.Evaluation.Every != 0 && position.Epoch != session.Epochs)
        {
            return ("", null);
        }

        var split = session.HasValidation ? "validation" : "test";
        return (split, session.Evaluate(split, observer, cancellation));
    }

    /// <summary>Writes a checkpoint of where the run stands, unless there is one.</summary>
    private void Save()
    {
        if (_saved == (position.Epoch, position.StepsOfEpoch))
        {
            return;
        }

        session.RequireFinite();
        observer?.Saving(Step);
        recorder.WriteCheckpoint(session, position, pace);
        _saved = (position.Epoch, position.StepsOfEpoch);
        observer?.Saved(Step);
    }
}
