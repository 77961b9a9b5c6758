namespace LargeRec.Engine.Profiling;

/// <summary>A step that was profiled; its stretches follow one another without gaps and fill it.</summary>
/// <param name="Number">Of the run, from 1.</param>
/// <param name="Start">Since the profile's first step began.</param>
/// <param name="Duration">From its beginning to its end on the clock of the wall.</param>
/// <param name="Stretches">In the order of time.</param>
public sealed record ProfiledStep(long Number, TimeSpan Start, TimeSpan Duration, IReadOnlyList<ProfiledStretch> Stretches);
