using LargeRec.Data.Preparation;
using LargeRec.Engine.Profiling;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Metrics;
using LargeRec.Retrieval.Runs;
using LargeRec.Training.Optimizers;
using LargeRec.Training.Profiling;

namespace LargeRec.Training;

/// <summary>
/// Writes a run's folder as the run goes: metrics without a clock in them, timing, TensorBoard events, checkpoints of which the last two and the best stay.
/// </summary>
internal sealed class RunRecorder(RunFolder folder, TimeProvider time)
{
    /// <summary>Steps from one event of a step's own numbers to the next.</summary>
    private const int EventEvery = 10;

    /// <summary>histories.prepared: what recommending needs of the data; and items.tsv, the items for people and other programs.</summary>
    public void WriteItems(InteractionSequences sequences)
    {
        var catalogue = sequences.Catalogue;
        IEnumerable<ItemRow> Rows()
        {
            // One after the other: millions of them are large.
            for (var i = 0; i < catalogue.Candidates.Length; i++)
            {
                var item = catalogue.Candidates[i];
                yield return new ItemRow(item, catalogue.GetId(item), catalogue.GetTitle(item));
            }
        }

        ItemsFile.Write(folder.ItemsPath, Rows());
        folder.WriteHistories(sequences);
    }

    /// <summary>The first step and every tenth, for TensorBoard only.</summary>
    public void RecordStep(Trainer trainer, float loss, TrainingPace pace)
    {
        if (trainer.Step != 1 && trainer.Step % EventEvery != 0)
        {
            return;
        }

        List<KeyValuePair<string, double>> scalars = [KeyValuePair.Create("train/loss", (double)loss),
            KeyValuePair.Create("train/learning_rate", trainer.LearningRate)];
        if (trainer.GradientNorm is { } norm)
        {
            scalars.Add(KeyValuePair.Create("train/gradient_norm", norm));
        }

        scalars.Add(KeyValuePair.Create("timing/tokens_per_second", pace.RateSinceLogged()));
        folder.Events.Append(time.GetUtcNow(), trainer.Step, scalars);
    }

    /// <summary>The mean loss of an epoch, and its evaluation where there was one.</summary>
    public void RecordEpoch(long step, int epoch, double loss, string split, RankingMetrics? metrics)
    {
        MetricsLog.Append(folder.MetricsPath, new MetricsRecord(step, epoch, "train", [KeyValuePair.Create("loss", loss)]));
        folder.Events.Append(time.GetUtcNow(), step, [KeyValuePair.Create("train/epoch_loss", loss)]);
        if (metrics is not null)
        {
            RecordMetrics(step, epoch, split, metrics);
        }
    }

    /// <summary>Metrics of the weights of a step.</summary>
    public void RecordMetrics(long step, int epoch, string split, RankingMetrics metrics)
    {
        MetricsLog.Append(folder.MetricsPath, new MetricsRecord(step, epoch, split, [.. metrics.Names.Select(n => KeyValuePair.Create(n, metrics.Values[n]))]));
        folder.Events.Append(time.GetUtcNow(), step, [.. metrics.Names.Select(n => KeyValuePair.Create($"{split}/{n}", metrics.Values[n]))]);
    }

    /// <summary>Writes profile.json; its path.</summary>
    public string WriteProfile(StepProfile profile, string device)
    {
        ProfileFile.Write(folder.ProfilePath, profile, device);
        return folder.ProfilePath;
    }

    /// <summary>Writes what is needed to go on from here, after everything that was recorded before is on disk.</summary>
    public void WriteCheckpoint(TrainingSession session, RunPosition position, TrainingPace pace)
    {
        var trainer = session.Trainer;
        RecordTiming(trainer.Step, position.StepsOfEpoch == 0 ? position.Epoch - 1 : position.Epoch, pace);
        MetricsLog.Flush(folder.TimingPath);
        var state = new CheckpointState
        {
            Step = trainer.Step,
            Epoch = position.Epoch,
            BatchIndex = position.StepsOfEpoch,
            EpochLoss = position.EpochLoss,
            EpochTokens = position.EpochTokens,
            ForwardCount = trainer.ForwardCount,
            Seed = session.Configuration.Training.Seed,
            DataFingerprint = session.Fingerprint,
            Best = position.Best,
            EvaluationsSinceBest = position.EvaluationsSinceBest,
            MetricsBytes = MetricsLog.Flush(folder.MetricsPath),
            EventsBytes = folder.Events.Flush(),
        };
        folder.Checkpoints.Write(state, ModelWeights.ToSafetensors(session.Model), AdamWState.ToSafetensors(session.Optimizer));
        folder.Checkpoints.Prune(state.Best?.Step);
    }

    /// <summary>Takes back what was recorded after a checkpoint; all of it where there is none.</summary>
    public void CutBack(CheckpointState? state)
    {
        MetricsLog.CutBackToLength(folder.MetricsPath, state?.MetricsBytes ?? 0);
        MetricsLog.CutBack(folder.TimingPath, state?.Step ?? 0);
        folder.Events.CutBackToLength(time.GetUtcNow(), state?.EventsBytes ?? 0);
    }

    private void RecordTiming(long step, int epoch, TrainingPace pace)
    {
        var (seconds, tokens) = pace.SinceRecorded();
        if (tokens > 0)
        {
            MetricsLog.Append(
                folder.TimingPath,
                new MetricsRecord(step, epoch, "train", [KeyValuePair.Create("seconds", seconds), KeyValuePair.Create("tokens_per_second", tokens / seconds)]));
        }
    }
}
