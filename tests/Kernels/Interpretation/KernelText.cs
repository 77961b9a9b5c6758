using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>The PTX that ILGPU makes of a method, untouched.</summary>
internal static class KernelText
{
    public static string Compile(MethodInfo method, OptimizationLevel level)
    {
        // A context of its own each time: names in the text count up within a context, and a failed compilation breaks it.
        using var context = Context.Create(b => b.Optimize(level));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
        var kernel = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty);
        return kernel.PTXAssembly;
    }

    /// <summary>The kernel of a static method, such as <c>nameof(SampleKernels.Sum)</c> of a class of kernels.</summary>
    public static PtxKernel Load(Type kernels, string method, OptimizationLevel level) => PtxModule.Parse(Compile(kernels.GetMethod(method)!, level)).Kernel;
}
