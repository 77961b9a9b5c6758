using System.Globalization;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>An operation that there are several ways to do, with all of them.</summary>
/// <param name="name">What commands call it, "hstu-attention".</param>
/// <param name="kernels">The family of the catalogue that its kernels are in.</param>
/// <param name="dimensions">The names of a shape's dimensions.</param>
/// <param name="work">What a shape cannot do without, forward and backward where there is one.</param>
/// <param name="variants">The plain one first, which takes every shape on every target.</param>
public sealed class KernelFamily(
    string name, string kernels, IReadOnlyList<string> dimensions, Func<KernelShape, KernelWork> work, IReadOnlyList<KernelVariant> variants)
{
    public string Name { get; } = name;

    public IReadOnlyList<string> Dimensions { get; } = dimensions;

    public IReadOnlyList<KernelVariant> Variants { get; } = variants;

    /// <summary>What a shape cannot do without.</summary>
    public KernelWork WorkOf(KernelShape shape) => work(shape);

    /// <summary>The kernels that a variant is made of.</summary>
    public IEnumerable<KernelEntry> KernelsOf(KernelVariant variant) => KernelCatalogue.All.Where(k => k.Family == kernels && k.Variant == variant.Name);

    /// <summary>The variant of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public KernelVariant Find(string variant)
    {
        for (var i = 0; i < Variants.Count; i++)
        {
            if (Variants[i].Name == variant)
            {
                return Variants[i];
            }
        }

        throw new ArgumentException($"{Name} has no variant '{variant}'; take {string.Join(", ", Variants)}");
    }

    /// <summary>The variant that is taken where nothing else is said: the last that says so of itself, else the plain one.</summary>
    /// <param name="target">What kernels are compiled for.</param>
    /// <param name="shape">What is asked for.</param>
    /// <param name="sharedBytes">What the device's groups have of shared memory.</param>
    public KernelVariant Default(KernelTarget target, KernelShape shape, long sharedBytes = long.MaxValue)
    {
        // Nothing is allocated here and in Find: both are asked for at every launch.
        for (var i = Variants.Count - 1; i > 0; i--)
        {
            var variant = Variants[i];
            if (variant.IsDefaultOn(target) && variant.RunsOn(target) && variant.SharedBytes <= sharedBytes && variant.Takes(shape))
            {
                return variant;
            }
        }

        return Variants[0];
    }

    /// <summary>"m 200, n 50, k 25600".</summary>
    public string Describe(KernelShape shape) =>
        string.Join(", ", Dimensions.Select((d, i) => string.Create(CultureInfo.InvariantCulture, $"{d} {shape[i]}")));

    /// <summary>The shape of so many sizes, in the order of the dimensions.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than dimensions.</exception>
    public KernelShape ShapeOf(IReadOnlyList<int> sizes)
    {
        int At(int index) => index < sizes.Count ? sizes[index] : 0;
        return sizes.Count == Dimensions.Count
            ? new KernelShape(At(0), At(1), At(2), At(3), At(4))
            : throw new ArgumentException($"{Name} has {Dimensions.Count} dimensions ({string.Join(", ", Dimensions)}), not {sizes.Count}");
    }

    /// <summary>The shape of a text such as "m=200,n=50,k=25600".</summary>
    /// <exception cref="ArgumentException">It is none of this family.</exception>
    public KernelShape Parse(string text)
    {
        var sizes = new int[5];
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var part in parts)
        {
            var words = part.Split('=', StringSplitOptions.TrimEntries);
            var index = Dimensions.ToList().IndexOf(words[0]);
            if (words.Length != 2 || index < 0 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < 1
                || sizes[index] != 0)
            {
                throw Wrong();
            }

            sizes[index] = size;
        }

        return parts.Length == Dimensions.Count ? ShapeOf(sizes.AsSpan(0, parts.Length).ToArray()) : throw Wrong();

        ArgumentException Wrong() => new($"shape '{text}': {Name} takes {string.Join(',', Dimensions.Select(d => $"{d}=SIZE"))}, each at least 1");
    }

    public override string ToString() => Name;
}
