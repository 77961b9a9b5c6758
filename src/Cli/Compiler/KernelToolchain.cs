using System.CommandLine;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels;

namespace LargeRec.Cli;

/// <summary>Kernels come from the compiler; a program published with -p:KernelSource=embedded has the file of this name in Embedded/ instead.</summary>
internal static class KernelToolchain
{
    /// <summary>What help says of it.</summary>
    public const string Description = "compiled when they are needed";

    /// <param name="cacheFolder">Where compiled texts are kept; null for nowhere.</param>
    public static IKernelSource Open(string? cacheFolder)
    {
        var compiler = new IlgpuKernelSource();
        return cacheFolder is null ? compiler : new KernelTextCache(compiler, cacheFolder);
    }

    /// <summary>What needs the compiler.</summary>
    public static IEnumerable<Command> Commands() => [KernelsLintCommand.Create(), KernelsBuildCommand.Create()];
}
