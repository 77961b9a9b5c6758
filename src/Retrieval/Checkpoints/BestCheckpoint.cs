namespace LargeRec.Retrieval.Checkpoints;

/// <summary>The best validation of a run so far.</summary>
/// <param name="Step">The step of its checkpoint.</param>
/// <param name="Metric">What was compared, e.g. ndcg@10.</param>
/// <param name="Value">Its value.</param>
public sealed record BestCheckpoint(long Step, string Metric, double Value);
