namespace LargeRec.Bench.Results;

/// <summary>A peer's program beside ours, in turns.</summary>
/// <param name="Variant">"plain" or "tuned".</param>
/// <param name="Seconds">The median of its turns.</param>
/// <param name="Ratio">The median over the pairs of its time by ours.</param>
/// <param name="Pairs">Turns.</param>
/// <param name="Versions">Of what it ran on: torch, blas, malloc.</param>
public sealed record PeerResult(string Variant, double Seconds, double Ratio, int Pairs, IReadOnlyDictionary<string, string> Versions);
