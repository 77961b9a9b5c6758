using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Studies.Embeddings;

/// <summary>What a run's item table looks like: lengths of its rows, and maps of a sample of them.</summary>
/// <param name="Norms">‖e‖ of every item that has events: its distance from the origin; by ascending length.</param>
/// <param name="Principal">The sample's places along the two directions of most variance.</param>
/// <param name="Shares">The shares of the variance that these have.</param>
/// <param name="Neighbours">The sample's places by t-SNE.</param>
/// <param name="Popularity">For each item of the sample its third by events: 0 the least popular, 2 the most.</param>
public sealed record EmbeddingAnalysis(
    IReadOnlyList<double> Norms, double[][] Principal, double[] Shares, double[][] Neighbours, IReadOnlyList<int> Popularity)
{
    /// <summary>Items of a sample: exact t-SNE takes their square.</summary>
    public const int Sample = 400;

    private const string TableName = "_embedding_module._item_emb.weight";

    /// <summary>Of the run's best weights. The sample is spread evenly over popularity, so that the same run gives the same maps.</summary>
    /// <returns>Null where the run has no item table by its public name, or fewer than two items with events.</returns>
    /// <exception cref="RunFolderException">The run has no checkpoint or no histories, or they are damaged.</exception>
    public static EmbeddingAnalysis? Of(RunFolder run, CancellationToken cancellation = default)
    {
        using var weights = SafetensorsFile.Open(run.Checkpoints.Open("best").WeightsPath);
        if (weights.Find(TableName) is not { Shape: [var rows, var width] } entry)
        {
            return null;
        }

        using var histories = run.OpenHistories();
        var events = new int[rows];
        foreach (var item in histories.Sequences.Items)
        {
            events[item]++;
        }

        var table = weights.ReadSingles(entry);
        float[] Row(int item) => table.AsSpan((int)(item * width), (int)width).ToArray();
        int[] items = [.. Enumerable.Range(1, (int)rows - 1).Where(item => events[item] > 0).OrderBy(item => events[item]).ThenBy(item => item)];
        if (items.Length < 2)
        {
            return null;
        }

        var count = Math.Min(Sample, items.Length);
        int[] sample = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * items.Length / count))];
        float[][] points = [.. sample.Select(place => Row(items[place]))];
        var (principal, shares) = PrincipalComponents.Of(points);
        return new EmbeddingAnalysis(
            [.. items.Select(item => Math.Sqrt(Row(item).Sum(v => (double)v * v))).Order()],
            principal,
            shares,
            NeighbourMap.Of(points, cancellation: cancellation),
            [.. sample.Select(place => (int)(3L * place / items.Length))]);
    }
}
