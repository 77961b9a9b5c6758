using LargeRec.Engine.Gpu.Benchmarks;

namespace LargeRec.Cli.Output;

/// <summary>What <c>kernels bench --format json</c> writes.</summary>
/// <param name="Device">The device in its own words.</param>
/// <param name="Ceilings">What it did at most, in the same run.</param>
/// <param name="Measurements">A variant and shape each.</param>
/// <param name="Assembler">The ptxas that registers come from; null where none was found.</param>
internal sealed record KernelBenchDocument(string Device, DeviceCeilings Ceilings, KernelMeasurement[] Measurements, string? Assembler);
