namespace LargeRec.Cli.Output;

/// <summary>A device of a <see cref="DeviceKindRow"/>; what does not apply is null.</summary>
internal sealed record DeviceRow
{
    /// <summary>What <c>--device</c> takes.</summary>
    public required string Device { get; init; }

    public required string Name { get; init; }

    /// <summary>What it computes with: threads and SIMD width, or its API's version.</summary>
    public required string Details { get; init; }

    public required long? MemoryBytes { get; init; }

    /// <summary>Cores, compute units or multiprocessors.</summary>
    public required int Units { get; init; }

    /// <summary>Why it cannot be taken; null where it can.</summary>
    public required string? Problem { get; init; }
}
