using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>A kernel that devices may ask for.</summary>
/// <param name="Family">The operation's family, "attention".</param>
/// <param name="Operation">What it does, "hstu-forward"; a pointwise function's kernels end with the function, "forward.silu".</param>
/// <param name="Variant">Which of the ways to do it: "plain" is the readable one, which is always there.</param>
/// <param name="GroupSize">Threads of a group.</param>
public sealed record KernelEntry(string Family, string Operation, string Variant, int GroupSize)
{
    /// <summary>FAMILY.OPERATION.VARIANT.</summary>
    public string Name { get; } = $"{Family}.{Operation}.{Variant}";

    /// <summary>What it can be compiled for.</summary>
    public IReadOnlyList<KernelTarget> Targets { get; init; } = Enum.GetValues<KernelTarget>();

    public override string ToString() => Name;
}
