using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu;

/// <summary>A kernel that the driver has taken.</summary>
internal sealed record LoadedKernel(KernelEntry Entry, KernelImage Image, nint Handle);
