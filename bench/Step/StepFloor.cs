using LargeRec.Models.Backbones;

namespace LargeRec.Bench.Step;

/// <summary>
/// What a training step cannot do without. Operations: the products of every layer three times over (forward, gradient of the input, of the weight), the
/// causal half of attention (two products forward, five backward), the loss's dot products three times. Bytes of memory: every activation that the backward
/// pass needs, written and read once. Bytes of cache: the rows that the loss gathers.
/// </summary>
/// <param name="Flops">Floating-point operations, a multiply-add being two.</param>
/// <param name="MemoryBytes">Bytes to and from memory.</param>
/// <param name="CacheBytes">Bytes from cache.</param>
internal sealed record StepFloor(double Flops, double MemoryBytes, double CacheBytes)
{
    public static StepFloor Of(HstuOptions options, IReadOnlyList<int> lengths, int negatives)
    {
        double tokens = lengths.Sum();
        var pairs = lengths.Sum(n => n * (n + 1.0) / 2);
        double width = options.Width, queries = options.Heads * options.Dqk, values = options.Heads * options.Dv;
        var projected = (2 * values) + (2 * queries);
        var layer = (3 * 2 * tokens * width * (projected + values)) + (pairs * ((2 * (queries + values)) + (6 * queries) + (4 * values)));
        var loss = 3 * 2 * tokens * (negatives + 1) * width;

        // Kept by a layer for its backward pass: x, its normalised form, the projection before and after SiLU, the attention's output, the gated one.
        var saved = tokens * ((2 * width) + (2 * projected) + (2 * values)) * sizeof(float);
        return new StepFloor(
            (options.Layers * layer) + loss,
            2 * options.Layers * saved,
            tokens * (negatives + 1) * width * sizeof(float));
    }

    /// <summary>Seconds if arithmetic, memory and cache work at the same time: a bound that nothing can beat.</summary>
    public double OverlappedSeconds(double gigaflops, double memory, double cache) =>
        Math.Max(Flops / gigaflops, Math.Max(MemoryBytes / memory, CacheBytes / cache)) / 1e9;

    /// <summary>Seconds at the ceilings of a machine, one after the other.</summary>
    /// <param name="gigaflops">Its fused multiply-adds.</param>
    /// <param name="memory">GB/s from memory.</param>
    /// <param name="cache">GB/s from cache.</param>
    public double Seconds(double gigaflops, double memory, double cache) => ((Flops / gigaflops) + (MemoryBytes / memory) + (CacheBytes / cache)) / 1e9;
}
