namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>Every kernel and every variant of it. The compiler, the devices, the tests and the command's lists all walk this one.</summary>
public static class KernelCatalogue
{
    private const string Plain = "plain";

    /// <summary>The pointwise functions that kernels are made for, by the names of their structs in lower case.</summary>
    public static IReadOnlyList<string> Functions { get; } = ["gelu", "identity", "relu", "sigmoid", "silu", "tanh"];

    /// <summary>In the order in which they are compiled: a text depends on those before it no more than by names, which are made anew.</summary>
    public static IReadOnlyList<KernelEntry> All { get; } =
    [
        .. OfFunctions("pointwise", "forward", GroupSizes.Elements),
        .. OfFunctions("pointwise", "backward", GroupSizes.Elements),
        .. OfFunctions("pointwise", "gate", GroupSizes.Elements),
        .. OfFunctions("pointwise", "gate-backward", GroupSizes.Elements),
        .. Of("pointwise", GroupSizes.Elements, "fill", "copy", "add", "dropout", "dropout-add"),
        .. OfFunctions("product", "multiply", GroupSizes.Tile),
        .. VariantOfFunctions("product", "multiply", "tiled", GroupSizes.WideTileThreads),
        .. VariantOf("product", "tiled", GroupSizes.WideTileThreads, "multiply-parts"),
        .. VariantOf("product", "tiled", GroupSizes.Elements, "sum-parts"),
        .. Of(
            "normalization",
            GroupSizes.Row,
            "layer-norm",
            "layer-norm-backward",
            "l2-normalize",
            "l2-normalize-backward",
            "gated-layer-norm",
            "gated-layer-norm-backward",
            "normalize",
            "normalize-backward",
            "normalize-products"),
        .. Of("normalization", GroupSizes.Elements, "sum-groups"),
        .. Of("attention", GroupSizes.Row, "hstu-forward", "hstu-backward-queries", "hstu-backward-keys", "hstu-backward-biases"),
        .. Of("attention", GroupSizes.Elements, "sum-position-bias", "sum-time-bias"),
        .. Of("attention", GroupSizes.Row, "weighted-forward", "weighted-backward-queries", "weighted-backward-keys", "weighted-backward-biases"),
        .. Of("attention", GroupSizes.Elements, "weighted-deltas", "sum-entry", "rotate"),
        .. VariantOf("attention", "tiled", GroupSizes.PairTileThreads, "hstu-forward", "hstu-backward-queries", "hstu-backward-keys"),
        .. VariantOf("attention", "tiled", GroupSizes.Elements, "sum-biases"),
        .. Of("embedding", GroupSizes.Elements, "embed-sequences", "gather-rows"),
        .. Of("embedding", GroupSizes.Row, "table-gradient", "position-gradient"),
        .. Of("reduction", GroupSizes.Elements, "sum-rows-partial", "sum-partials", "all-finite", "sum-of-squares"),
        .. Of("sampling", GroupSizes.Elements, "uniform-candidates"),
        .. Of("loss", GroupSizes.Row, "sampled-softmax-tokens", "sampled-softmax-items"),
        .. Of("loss", GroupSizes.Elements, "sampled-softmax-pairs", "sum-values"),
        .. Of("optimizer", GroupSizes.Elements, "adamw"),
        .. Of("ranking", GroupSizes.Row, "ranks", "scores", "top-k"),
        .. Of("sorting", GroupSizes.Elements, "fill-positions", "segment-starts"),
        .. Of("sorting", GroupSizes.Sort, "digit-counts", "scan", "scatter"),
        .. Of("ceiling", GroupSizes.Elements, "copy", "multiply-add"),
    ];

    /// <summary>The plain variant's name.</summary>
    public static string Name(string family, string operation) => $"{family}.{operation}.{Plain}";

    private static IEnumerable<KernelEntry> VariantOfFunctions(string family, string operation, string variant, int groupSize) =>
        Functions.Select(f => new KernelEntry(family, $"{operation}-{f}", variant, groupSize));

    private static IEnumerable<KernelEntry> VariantOf(string family, string variant, int groupSize, params IReadOnlyList<string> operations) =>
        operations.Select(o => new KernelEntry(family, o, variant, groupSize));

    private static IEnumerable<KernelEntry> Of(string family, int groupSize, params IReadOnlyList<string> operations) =>
        operations.Select(o => new KernelEntry(family, o, Plain, groupSize));

    private static IEnumerable<KernelEntry> OfFunctions(string family, string operation, int groupSize) =>
        Of(family, groupSize, [.. Functions.Select(f => $"{operation}-{f}")]);
}
