namespace LargeRec.Engine.Profiling;

/// <summary>A stretch of a step's time.</summary>
/// <param name="Name">What was done: "layer norm".</param>
/// <param name="Phase">In which part of the step.</param>
/// <param name="Start">Since the profile's first step began.</param>
/// <param name="Duration">How long it took.</param>
public readonly record struct ProfiledStretch(string Name, ProfilePhase Phase, TimeSpan Start, TimeSpan Duration);
