using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>Targets as they are written on the command line: opencl, sm80, sm90, sm90a.</summary>
internal static class KernelTargets
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<KernelTarget>().Select(Name)];

    public static string Name(KernelTarget target) => target.ToString().ToLowerInvariant();

    /// <exception cref="UsageException">There is no such target.</exception>
    public static KernelTarget Parse(string name)
    {
        var index = Names.ToList().IndexOf(name);
        return index < 0 ? throw new UsageException($"--target {name}: take {string.Join(", ", Names)}") : (KernelTarget)index;
    }
}
