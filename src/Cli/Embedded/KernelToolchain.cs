using System.CommandLine;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli;

/// <summary>Kernels come as images from the engine's own assembly: there is no compiler in this program.</summary>
internal static class KernelToolchain
{
    /// <summary>What help says of it.</summary>
    public const string Description = "carried by this program, which has no compiler";

    /// <param name="cacheFolder">Nothing is kept, since nothing is compiled.</param>
    public static IKernelSource Open(string? cacheFolder) => new EmbeddedKernelSource(typeof(EmbeddedKernelSource).Assembly);

    /// <summary>What needs the compiler: nothing here.</summary>
    public static IEnumerable<Command> Commands() => [];
}
