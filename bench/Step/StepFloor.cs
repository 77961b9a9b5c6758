using LargeRec.Models.Backbones;

namespace LargeRec.Bench.Step;

/// <summary>
/// What a training step cannot do without. Operations: the products of every layer three times over (forward, gradient of the input, of the weight), the
/// causal half of attention (two products forward, five backward), the loss's dot products three times. Bytes of memory: every activation that the backward
/// pass needs, written and read once. Bytes of cache: the rows that the loss gathers.
/// And what the parts of a step, and rankings, cannot do without.
/// </summary>
/// <param name="Flops">Floating-point operations, a multiply-add being two.</param>
/// <param name="MemoryBytes">Bytes to and from memory.</param>
/// <param name="CacheBytes">Bytes from cache.</param>
internal sealed record StepFloor(double Flops, double MemoryBytes, double CacheBytes)
{
    /// <summary>A whole step.</summary>
    public static StepFloor Of(HstuOptions options, IReadOnlyList<int> lengths, int negatives)
    {
        double tokens = lengths.Sum();
        var layer = OfLayer(options, lengths);
        var loss = 3 * 2 * tokens * (negatives + 1) * options.Width;
        return new StepFloor(
            (options.Layers * layer.Flops) + loss, options.Layers * layer.MemoryBytes, tokens * (negatives + 1) * options.Width * sizeof(float));
    }

    /// <summary>And AdamW's update of the whole item table: it and its two moments, read and written.</summary>
    public StepFloor WithDenseTable(HstuOptions options) => this with { MemoryBytes = MemoryBytes + (6.0 * options.ItemRows * options.Width * sizeof(float)) };

    /// <summary>One layer, forward and backward.</summary>
    public static StepFloor OfLayer(HstuOptions options, IReadOnlyList<int> lengths)
    {
        double tokens = lengths.Sum();
        var (pairs, width, queries, values, projected) = (Pairs(lengths), (double)options.Width, Queries(options), Values(options), Projected(options));
        var flops = (3 * 2 * tokens * width * (projected + values)) + (pairs * ((2 * (queries + values)) + (6 * queries) + (4 * values)));

        // Kept for the backward pass: x, its normalised form, the projection before and after SiLU, the attention's output, the gated one.
        var saved = tokens * ((2 * width) + (2 * projected) + (2 * values)) * sizeof(float);
        return new StepFloor(flops, 2 * saved, 0);
    }

    /// <summary>
    /// Ranking for users of full histories: every layer forward, of the last one only keys and values but for the last event, and a score for each item.
    /// Activations may stay in cache; the item table is read once a batch.
    /// </summary>
    public static StepFloor OfRanking(HstuOptions options, int users, int batchSize)
    {
        double length = options.MaxLength, width = options.Width, table = (double)options.ItemRows * options.Width;
        var (queries, values, projected) = (Queries(options), Values(options), Projected(options));
        var layer = (2 * length * width * (projected + values)) + (Pairs([options.MaxLength]) * 2 * (queries + values));
        var last = (2 * length * width * (queries + values)) + (2 * width * (queries + (2 * values))) + (length * 2 * (queries + values));
        return new StepFloor(
            users * (((options.Layers - 1) * layer) + last + (2 * table)),
            Math.Ceiling((double)users / batchSize) * table * sizeof(float),
            0);
    }

    /// <summary>Seconds if arithmetic, memory and cache work at the same time: a bound that nothing can beat.</summary>
    public double OverlappedSeconds(double gigaflops, double memory, double cache) =>
        Math.Max(Flops / gigaflops, Math.Max(MemoryBytes / memory, CacheBytes / cache)) / 1e9;

    /// <summary>Seconds at the ceilings of a machine, one after the other.</summary>
    /// <param name="gigaflops">Its fused multiply-adds.</param>
    /// <param name="memory">GB/s from memory.</param>
    /// <param name="cache">GB/s from cache.</param>
    public double Seconds(double gigaflops, double memory, double cache) => ((Flops / gigaflops) + (MemoryBytes / memory) + (CacheBytes / cache)) / 1e9;

    private static double Pairs(IReadOnlyList<int> lengths) => lengths.Sum(n => n * (n + 1.0) / 2);

    private static double Queries(HstuOptions options) => options.Heads * options.Dqk;

    private static double Values(HstuOptions options) => options.Heads * options.Dv;

    /// <summary>Columns of U, V, Q and K together.</summary>
    private static double Projected(HstuOptions options) => 2 * (Queries(options) + Values(options));
}
