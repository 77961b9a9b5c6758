using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>One of the ways to do an operation.</summary>
/// <param name="Name">"plain", "tiled".</param>
/// <param name="Does">What is special about it, in a few words.</param>
public sealed record KernelVariant(string Name, string Does)
{
    /// <summary>In what it multiplies.</summary>
    public KernelPrecision Precision { get; init; }

    /// <summary>What its kernels can be compiled for.</summary>
    public IReadOnlyList<KernelTarget> Targets { get; init; } = Enum.GetValues<KernelTarget>();

    /// <summary>The targets on which it is taken where nothing else is said, before those listed ahead of it.</summary>
    public IReadOnlyList<KernelTarget> DefaultOn { get; init; } = [];

    /// <summary>Bytes of shared memory that a group of its largest kernel declares.</summary>
    public int SharedBytes { get; init; }

    /// <summary>The shapes that it takes, in words.</summary>
    public string Limits { get; init; } = "any shape";

    /// <summary>Whether it takes a shape.</summary>
    public Func<KernelShape, bool> Takes { get; init; } = _ => true;

    /// <summary>Whether its kernels can be compiled for a target.</summary>
    public bool RunsOn(KernelTarget target) => Has(Targets, target);

    /// <summary>Whether it is taken on a target where nothing else is said.</summary>
    public bool IsDefaultOn(KernelTarget target) => Has(DefaultOn, target);

    public override string ToString() => Name;

    /// <summary>Not Contains, which boxes until it is optimised: a step would take more memory at first than later.</summary>
    private static bool Has(IReadOnlyList<KernelTarget> targets, KernelTarget target)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i] == target)
            {
                return true;
            }
        }

        return false;
    }
}
