using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>The operations that there are several ways to do. What has one way only is not among them.</summary>
public static class KernelFamilies
{
    /// <summary>The plain variant's name.</summary>
    public const string Plain = "plain";

    /// <summary>The name of variants that work by tiles in shared memory.</summary>
    public const string Tiled = "tiled";

    private const int ValueBytes = sizeof(float);

    private static readonly KernelTarget[] Cuda = [KernelTarget.Sm80, KernelTarget.Sm90, KernelTarget.Sm90a];

    /// <summary>Matrix products: m·n sums of k products.</summary>
    public static KernelFamily Product { get; } = new(
        "product",
        "product",
        ["m", "n", "k"],
        shape => new KernelWork(2.0 * shape.First * shape.Second * shape.Third, ValueBytes * Values(shape)),
        [
            new KernelVariant(Plain, "16 x 16 of the output a group, a sum a thread"),
            new KernelVariant(Tiled, "64 x 64 of the output a group, 8 x 8 sums a thread; small outputs in parts of k")
            {
                DefaultOn = Cuda,
                SharedBytes = 17_408,
            },
        ]);

    /// <summary>HSTU's attention, forward and backward: five products a pair and a head of what is forward and two, seven in all.</summary>
    public static KernelFamily HstuAttention { get; } = new(
        "hstu-attention",
        "attention",
        ["tokens", "heads", "dqk", "dv", "length"],
        OfAttention,
        [
            new KernelVariant(Plain, "a row and head a group, a pair a thread"),
            new KernelVariant(Tiled, "32 x 32 pairs a group, 4 x 4 pairs a thread; scores again in the backward pass")
            {
                DefaultOn = Cuda,
                SharedBytes = 47_112,
                Limits = $"heads of up to {GroupSizes.PairTileWidth} columns",
                Takes = shape => shape.Third <= GroupSizes.PairTileWidth && shape.Fourth <= GroupSizes.PairTileWidth,
            },
        ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KernelFamily> All { get; } = [HstuAttention, Product];

    /// <summary>The family of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static KernelFamily Find(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new ArgumentException($"there is no kernel family '{name}'; take {string.Join(", ", All)}");

    private static double Values(KernelShape shape) =>
        ((double)shape.First * shape.Third) + ((double)shape.Third * shape.Second) + ((double)shape.First * shape.Second);

    private static KernelWork OfAttention(KernelShape shape)
    {
        var (tokens, heads, dqk, dv, length) = ((double)shape.First, (double)shape.Second, (double)shape.Third, (double)shape.Fourth, (double)shape.Fifth);
        var pairs = tokens * heads * (Math.Min(length, tokens) + 1) / 2;

        // Forward: scores, values. Backward: scores again, dA, dQ, dK, dV.
        var operations = pairs * 2 * ((4 * dqk) + (3 * dv));
        var values = tokens * heads * ((6 * dqk) + (5 * dv));
        return new KernelWork(operations, ValueBytes * values);
    }
}
