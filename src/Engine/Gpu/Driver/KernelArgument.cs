using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Driver;

/// <summary>What one parameter of a kernel is given.</summary>
/// <param name="Kind">What the parameter is.</param>
/// <param name="Slab">The memory of a view.</param>
/// <param name="Value">The length of a view in elements of 32 bits, or the bits of a number.</param>
internal readonly record struct KernelArgument(KernelParameter Kind, nint Slab, long Value);
