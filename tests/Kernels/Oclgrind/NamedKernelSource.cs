using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Oclgrind;

/// <summary>
/// Kernels as oclgrind is to see them. Entry points are called as in the catalogue, so that reports name them. Variables are volatile: without it version 21.10
/// draws other Philox words than the CPU, PoCL and the interpreter of PTX, which agree bit for bit; probably it takes the values that a round of a loop passes
/// on one after the other.
/// </summary>
internal sealed partial class NamedKernelSource(IKernelSource source) : IKernelSource
{
    public KernelImage Load(string name, KernelTarget target) => Prepare(source.Load(name, target));

    public static KernelImage Prepare(KernelImage image)
    {
        var entryPoint = NotInNames().Replace(image.Name, "_");
        return image with
        {
            EntryPoint = entryPoint,
            Text = Declaration().Replace(image.Text, "\tvolatile $1 $2;")
            .Replace($"kernel void {image.EntryPoint}", $"kernel void {entryPoint}", StringComparison.Ordinal),
        };
    }

    [GeneratedRegex(@"^\t(float|int|uint|long|ulong|bool) (var\d+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("[^a-zA-Z0-9]")]
    private static partial Regex NotInNames();
}
