namespace LargeRec.Cli.Output;

/// <summary>A kind of device as <c>devices --format json</c> writes it.</summary>
internal sealed record DeviceKindRow
{
    /// <summary>cpu, opencl or cuda.</summary>
    public required string Kind { get; init; }

    /// <summary>Why there is none; null where there is one.</summary>
    public required string? Problem { get; init; }

    public required DeviceRow[] Devices { get; init; }
}
