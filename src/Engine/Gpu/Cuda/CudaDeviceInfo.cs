namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>A CUDA device that was found.</summary>
/// <param name="Index">In the driver's order.</param>
/// <param name="Name">Its name.</param>
/// <param name="ComputeCapability">Major·10 + minor.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Multiprocessors">Its multiprocessors.</param>
/// <param name="SharedBytes">The most shared memory of a group that a kernel may ask for, beyond 48 KiB only by name.</param>
/// <param name="DriverVersion">The CUDA version that the driver speaks, major·1000 + minor·10.</param>
public sealed record CudaDeviceInfo(int Index, string Name, int ComputeCapability, long MemoryBytes, int Multiprocessors, int SharedBytes, int DriverVersion);
