namespace LargeRec.Retrieval.Metrics;

/// <summary>At which ranks the metrics cut off.</summary>
/// <param name="HitRate">K of HR@K, ascending.</param>
/// <param name="Ndcg">K of NDCG@K, ascending.</param>
public sealed record MetricCutoffs(IReadOnlyList<int> HitRate, IReadOnlyList<int> Ndcg);
