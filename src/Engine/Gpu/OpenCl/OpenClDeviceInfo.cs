namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>An OpenCL device that was found.</summary>
/// <param name="Platform">Its platform's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">What it says of its OpenCL version.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="ComputeUnits">Its compute units.</param>
public sealed record OpenClDeviceInfo(string Platform, string Name, string Version, long MemoryBytes, int ComputeUnits)
{
    internal nint Handle { get; init; }
}
