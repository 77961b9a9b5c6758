namespace LargeRec.Bench.Results;

/// <summary>When and with what something was measured.</summary>
/// <param name="Date">Of the run, UTC: 2026-11-23.</param>
/// <param name="Command">What to type to measure it again.</param>
/// <param name="Threads">Of ours, and of the peers.</param>
/// <param name="Commit">What was measured; null where the build did not know.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Load">How many programs asked for a processor in the minute before; null where that is not known.</param>
public sealed record Circumstances(string Date, string Command, int Threads, string? Commit, string Runtime, double? Load);
