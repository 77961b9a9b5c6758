using LargeRec.Data.Preparation;
using LargeRec.Engine.Weights;
using LargeRec.Models;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Metrics;
using LargeRec.Retrieval.Runs;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>Writes a run's folder as the run goes: metrics without a clock in them, timing, checkpoints of which the last two and the best stay.</summary>
internal sealed class RunRecorder(RunFolder folder)
{
    /// <summary>histories.prepared: what recommending needs of the data; and items.tsv, the items for people and other programs.</summary>
    public void WriteItems(InteractionSequences sequences)
    {
        var catalogue = sequences.Catalogue;
        var rows = new List<ItemRow>(catalogue.Candidates.Length);
        foreach (var item in catalogue.Candidates)
        {
            rows.Add(new ItemRow(item, catalogue.GetId(item), catalogue.GetTitle(item)));
        }

        ItemsFile.Write(folder.ItemsPath, rows);
        folder.WriteHistories(sequences);
    }

    public void RecordLoss(long step, int epoch, double loss) =>
        MetricsLog.Append(folder.MetricsPath, new MetricsRecord(step, epoch, "train", [KeyValuePair.Create("loss", loss)]));

    public void RecordMetrics(long step, int epoch, string split, RankingMetrics metrics) =>
        MetricsLog.Append(folder.MetricsPath, new MetricsRecord(step, epoch, split, [.. metrics.Names.Select(n => KeyValuePair.Create(n, metrics.Values[n]))]));

    public void RecordTiming(long step, int epoch, double seconds, double tokensPerSecond) => MetricsLog.Append(
        folder.TimingPath,
        new MetricsRecord(step, epoch, "train", [KeyValuePair.Create("seconds", seconds), KeyValuePair.Create("tokens_per_second", tokensPerSecond)]));

    public void WriteCheckpoint(CheckpointState state, Module model, AdamW optimizer)
    {
        folder.Checkpoints.Write(state, ModelWeights.ToSafetensors(model), MomentsOf(optimizer));
        folder.Checkpoints.Prune(state.Best?.Step);
    }

    private static List<SafetensorsTensor> MomentsOf(AdamW optimizer)
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (var (name, first, second) in optimizer.Moments)
        {
            long[] shape = [.. first.Shape.ToDimensions().Select(d => (long)d)];
            tensors.Add(SafetensorsTensor.FromSingles($"{name}.first_moment", shape, first.ToArray()));
            tensors.Add(SafetensorsTensor.FromSingles($"{name}.second_moment", shape, second.ToArray()));
        }

        return tensors;
    }
}
