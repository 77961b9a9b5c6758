using ILGPU;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Compilation;

namespace LargeRec.Kernels;

/// <summary>Compiles kernels when they are asked for; methods are looked up with the first. Nothing is held from one kernel to the next.</summary>
public sealed class IlgpuKernelSource : IKernelSource
{
    private readonly Lazy<KernelMethods> _methods = new(() => new KernelMethods());
    private readonly IlgpuCompiler _compiler;

    public IlgpuKernelSource()
        : this(OptimizationLevel.O2)
    {
    }

    /// <param name="level">Below O2 for tests alone: the other way through the compiler must give the same results.</param>
    internal IlgpuKernelSource(OptimizationLevel level) => _compiler = new IlgpuCompiler(level);

    public KernelImage Load(string name, KernelTarget target) => _compiler.Compile(name, _methods.Value.Find(name), target);
}
