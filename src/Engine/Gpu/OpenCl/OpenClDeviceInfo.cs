namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>An OpenCL device that was found.</summary>
/// <param name="Platform">Its platform's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">What it says of its OpenCL version.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="ComputeUnits">Its compute units.</param>
public sealed record OpenClDeviceInfo(string Platform, string Name, string Version, long MemoryBytes, int ComputeUnits)
{
    /// <summary>Whether it speaks an OpenCL before 1.2. The standard has versions begin "OpenCL MAJOR.MINOR "; what does not is taken to be new.</summary>
    public bool IsTooOld => Version.StartsWith("OpenCL 1.0", StringComparison.Ordinal) || Version.StartsWith("OpenCL 1.1", StringComparison.Ordinal);

    internal nint Handle { get; init; }
}
