namespace LargeRec.Engine.Gpu.Benchmarks;

/// <summary>What a variant took for a shape on a device, beside what the device does at most.</summary>
public sealed record KernelMeasurement
{
    public required string Family { get; init; }

    public required string Variant { get; init; }

    /// <summary>The dimensions' names and sizes.</summary>
    public required IReadOnlyDictionary<string, int> Shape { get; init; }

    /// <summary>Why it was not measured; null where it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Of one go, forward and backward where there is one.</summary>
    public double Milliseconds { get; init; }

    /// <summary>By what the shape cannot do without, whatever the variant does beyond it.</summary>
    public double Gigaflops { get; init; }

    /// <summary>In GB/s, each input read and each output written once.</summary>
    public double Gigabytes { get; init; }

    /// <summary>The least time by the ceilings over the time taken.</summary>
    public double ShareOfCeiling { get; init; }

    /// <summary>Which ceiling that is: "operations" or "bytes".</summary>
    public string? Bound { get; init; }

    /// <summary>The kernels that were launched, by their names.</summary>
    public IReadOnlyList<string> Kernels { get; init; } = [];

    /// <summary>Registers of a thread, of the kernel that has most; null where no assembler was found.</summary>
    public int? Registers { get; init; }

    /// <summary>Bytes that a thread spills, of the kernel that spills most; null where no assembler was found.</summary>
    public int? SpilledBytes { get; init; }
}
