using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Compilation;

namespace LargeRec.Kernels;

/// <summary>Compiles kernels when they are asked for.</summary>
public sealed class IlgpuKernelSource : IKernelSource, IDisposable
{
    private readonly KernelMethods _methods = new();
    private readonly IlgpuCompiler _compiler = new();

    public KernelImage Load(string name, KernelTarget target) => _compiler.Compile(name, _methods.Find(name), target);

    public void Dispose() => _compiler.Dispose();
}
