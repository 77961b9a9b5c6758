namespace LargeRec.Retrieval.Configuration;

/// <summary>What is measured, and how: rank of the held-out item among all candidates.</summary>
public sealed record EvaluationConfiguration
{
    /// <summary>Cut-offs K of HR@K, ascending.</summary>
    public IReadOnlyList<int> Hr { get; init; } = [1, 10, 50, 100, 200, 500];

    /// <summary>Cut-offs K of NDCG@K, ascending.</summary>
    public IReadOnlyList<int> Ndcg { get; init; } = [10, 50, 100, 200];

    /// <summary>Resamples behind the 95% intervals; 0: none.</summary>
    public int Bootstrap { get; init; } = 1000;

    /// <summary>Whether items of the history's window are taken out of the ranking.</summary>
    public bool FilterHistory { get; init; } = true;

    /// <summary>Sequences scored at once.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Epochs from one evaluation to the next.</summary>
    public int Every { get; init; } = 1;
}
