using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What is measured, and how: rank of the held-out item among all candidates.</summary>
public sealed record EvaluationConfiguration
{
    [Description("Cut-offs K of HR@K, ascending.")]
    public IReadOnlyList<int> Hr { get; init; } = [1, 10, 50, 100, 200, 500];

    [Description("Cut-offs K of NDCG@K, ascending.")]
    public IReadOnlyList<int> Ndcg { get; init; } = [10, 50, 100, 200];

    [Description("Resamples behind the 95% intervals; 0: none.")]
    public int Bootstrap { get; init; } = 1000;

    [Description("Whether items of the history's window are taken out of the ranking.")]
    public bool FilterHistory { get; init; } = true;

    [Description("Sequences scored at once.")]
    public int BatchSize { get; init; } = 128;

    [Description("Epochs from one evaluation to the next; the last epoch is always evaluated.")]
    public int Every { get; init; } = 1;
}
