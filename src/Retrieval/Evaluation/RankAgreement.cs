using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Retrieval.Evaluation;

/// <summary>How the ranks that two devices found by the same weights differ. Devices add in different orders, so scores that are nearly equal may change
/// places.</summary>
/// <param name="Device">The device that was compared with.</param>
/// <param name="Examples">How many ranks were compared.</param>
/// <param name="Different">How many of them differ.</param>
/// <param name="LargestGap">
/// Of a rank that differs: how far apart the scores at the two ranks are in the list of the device that was compared with; some score must differ between the
/// devices by at least half of it. The largest of them; 0 where all ranks are equal.
/// </param>
public sealed record RankAgreement(string Device, int Examples, int Different, double LargestGap)
{
    /// <summary>Ranks the examples on another device and compares.</summary>
    /// <param name="ranks">As the first device found them, one an example.</param>
    /// <param name="model">The same weights on the other device.</param>
    /// <param name="device">The other device, with no step open.</param>
    /// <param name="data">The data that were ranked.</param>
    /// <param name="examples">The examples, in the order of the ranks.</param>
    /// <param name="configuration">Says whether the history was filtered.</param>
    /// <param name="progress">Told how many examples are ranked.</param>
    /// <exception cref="ArithmeticException">A score is NaN.</exception>
    /// <exception cref="InvalidOperationException">A target was filtered on one device alone.</exception>
    public static RankAgreement Of(
        IReadOnlyList<int> ranks,
        SequenceModel model,
        Device device,
        ExperimentData data,
        ReadOnlyMemory<Example> examples,
        EvaluationConfiguration configuration,
        Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (ranks.Count != examples.Length)
        {
            throw new ArgumentException($"{ranks.Count} ranks and {examples.Length} examples cannot be compared", nameof(ranks));
        }

        var candidates = data.Sequences.Catalogue.Candidates;
        using var pass = new RankingPass(model, device, candidates);
        var others = pass.Ranks(data.Sequences, examples, configuration.BatchSize, configuration.FilterHistory, progress, cancellation);
        var (batch, filter) = (new JaggedBatch(), new HistoryFilter());
        var (items, scores) = (new int[candidates.Length], new float[candidates.Length]);
        var (different, largest) = (0, 0.0);
        for (var i = 0; i < others.Length; i++)
        {
            if (ranks[i] == others[i])
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            different++;
            if (ranks[i] == 0 || others[i] == 0)
            {
                throw new InvalidOperationException($"example {i} has rank {ranks[i]} on one device and {others[i]} on {device.Name}: a target is filtered "
                    + "on both or on none");
            }

            batch.Fill(data.Sequences, examples.Span.Slice(i, 1));
            filter.FillFromWindows(batch);
            pass.TopK(batch, configuration.FilterHistory ? filter.Filter : default, candidates.Length, items, scores);
            largest = Math.Max(largest, Math.Abs((double)scores[ranks[i] - 1] - scores[others[i] - 1]));
        }

        return new RankAgreement(device.Name, others.Length, different, largest);
    }
}
