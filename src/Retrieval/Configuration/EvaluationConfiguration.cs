using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What is measured, and how: rank of the held-out item among all candidates.</summary>
public sealed record EvaluationConfiguration
{
    /// <summary>Cut-offs K of HR@K, ascending.</summary>
    [Description("Cut-offs K of HR@K, ascending.")]
    public IReadOnlyList<int> Hr { get; init; } = [1, 10, 50, 100, 200, 500];

    /// <summary>Cut-offs K of NDCG@K, ascending.</summary>
    [Description("Cut-offs K of NDCG@K, ascending.")]
    public IReadOnlyList<int> Ndcg { get; init; } = [10, 50, 100, 200];

    /// <summary>Resamples behind the 95% intervals; 0: none.</summary>
    [Description("Resamples behind the 95% intervals; 0: none.")]
    public int Bootstrap { get; init; } = 1000;

    /// <summary>Whether items of the history's window are taken out of the ranking.</summary>
    [Description("Whether items of the history's window are taken out of the ranking.")]
    public bool FilterHistory { get; init; } = true;

    /// <summary>Sequences scored at once.</summary>
    [Description("Sequences scored at once.")]
    public int BatchSize { get; init; } = 128;

    /// <summary>Epochs from one evaluation to the next.</summary>
    [Description("Epochs from one evaluation to the next; the last epoch is always evaluated.")]
    public int Every { get; init; } = 1;
}
