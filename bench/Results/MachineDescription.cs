namespace LargeRec.Bench.Results;

/// <summary>Where something was measured.</summary>
/// <param name="Processor">As it calls itself.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="SimdBits">The widest registers used.</param>
/// <param name="MemoryGib">All of it.</param>
/// <param name="OperatingSystem">As .NET calls it.</param>
public sealed record MachineDescription(string Processor, int Cores, int SimdBits, double MemoryGib, string OperatingSystem);
