using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Compilation;

/// <summary>
/// From a kernel method to the text that a driver takes, with no device present: ILGPU's back ends, then <see cref="PtxText"/> or
/// <see cref="OpenClText"/>. The text depends on nothing but the method: every one is compiled in a context of its own, since a context keeps what it made of
/// methods before (the same kernel comes out with branches turned around after others) and is broken by a failure; names that ILGPU counts are made anew.
/// </summary>
internal sealed class IlgpuCompiler(OptimizationLevel level = OptimizationLevel.O2)
{
    /// <exception cref="KernelException">ILGPU cannot compile the method; kernel, target and construct are named.</exception>
    public KernelImage Compile(string name, MethodInfo method, KernelTarget target)
    {
        var parameters = KernelMethods.ParametersOf(method);
        try
        {
            using var context = Context.Create(builder => builder.Optimize(level).Inlining(InliningMode.Aggressive));
            var (entryPoint, text) = target == KernelTarget.OpenCl ? CompileOpenCl(context, method) : CompilePtx(context, method, target);
            return new KernelImage(name, target, entryPoint, parameters, text);
        }
        catch (Exception exception) when (exception is not KernelException)
        {
            var innermost = exception;
            while (innermost.InnerException is { } inner)
            {
                innermost = inner;
            }

            throw new KernelException(
                $"kernel {name} cannot be compiled for {target}: {method.DeclaringType!.Name}.{method.Name}: "
                + $"{innermost.Message.ReplaceLineEndings(" ").TrimEnd()}", exception);
        }
    }

    private static (string EntryPoint, string Text) CompilePtx(Context context, MethodInfo method, KernelTarget target)
    {
        using var backend = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty);
        return PtxText.Finish(compiled.PTXAssembly, target);
    }

    private static (string EntryPoint, string Text) CompileOpenCl(Context context, MethodInfo method)
    {
        using var backend = new CLBackend(context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.Other, new CLCVersion(3, 0));
        var compiled = (CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty);
        return OpenClText.Finish(compiled.Source);
    }
}
