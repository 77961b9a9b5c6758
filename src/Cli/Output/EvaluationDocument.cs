using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>An evaluation as `evaluate` writes it.</summary>
/// <param name="Weights">Which weights were tested.</param>
/// <param name="Summary">The metrics, and how they were measured.</param>
/// <param name="Breakdowns">By groups of examples; empty where it was not asked for.</param>
/// <param name="Beside">How another device's ranks differ; null where it was not asked for.</param>
internal sealed record EvaluationDocument(string Weights, RunSummary Summary, IReadOnlyList<Breakdown> Breakdowns, RankAgreement? Beside = null);
