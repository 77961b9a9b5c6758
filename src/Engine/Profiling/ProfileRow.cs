namespace LargeRec.Engine.Profiling;

/// <summary>A line of a profile's table: everything of one name in one phase.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Phase">In which part of the step.</param>
/// <param name="Calls">How often, over all steps.</param>
/// <param name="MillisecondsAStep">The mean over the steps.</param>
/// <param name="Share">Of the steps' wall time; the rows' shares add up to 1.</param>
public sealed record ProfileRow(string Name, ProfilePhase Phase, int Calls, double MillisecondsAStep, double Share);
