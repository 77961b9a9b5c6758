namespace LargeRec.Retrieval.Evaluation;

/// <summary>The examples of a group and what they measured.</summary>
/// <param name="Name">Which examples these are.</param>
/// <param name="Count">How many; a group without examples is left out of its breakdown.</param>
/// <param name="HitRate">HR@10.</param>
/// <param name="Ndcg">NDCG@10.</param>
/// <param name="ReciprocalRank">MRR.</param>
/// <param name="NdcgInterval">The 95% interval of NDCG@10, [low, high], by a bootstrap over the group's users; null where none was asked for.</param>
public sealed record BreakdownGroup(string Name, int Count, double HitRate, double Ndcg, double ReciprocalRank, double[]? NdcgInterval);
