using LargeRec.Cases;
using LargeRec.Cases.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Benchmarks;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>
/// Every kernel of the catalogue once, at the smallest shapes at which each of its loops with a barrier goes around more than once and the last group is not
/// full: for checkers that are thousands of times slower than a device.
/// </summary>
internal static class KernelTour
{
    public static IReadOnlyList<TourStop> Stops { get; } =
    [
        .. Of<Gelu>(), .. Of<Identity>(), .. Of<Relu>(), .. Of<Sigmoid>(), .. Of<Silu>(), .. Of<Tanh>(),
        new("fill, copy, add, dropout", Moves),
        Case(new LayerNormCase(2, 70)),
        Case(new L2NormalizeCase(2, 70)),
        Case(new GatedLayerNormCase(2, 70, false, 0.25f)),
        Case(new GatedLayerNormCase(2, 5, true, 0.25f)),
        Case(new HstuAttentionCase(new(66, 0, 2), 1, 2, 3, true, true)),
        Case(new HstuAttentionCase(new(3, 0, 2), 2, 3, 2, false, false)),
        .. ByVariants(KernelFamilies.HstuAttention, Case(new HstuAttentionCase(new(33, 0, 2), 1, 2, 3, true, true))),
        .. ByVariants(KernelFamilies.HstuAttention, Case(new HstuAttentionCase(new(3, 0, 2), 2, 3, 2, false, false))),
        .. ByVariants(KernelFamilies.Product, new("product by parts", ByParts)),
        Case(new AttentionCase(AttentionWeighting.Softmax, new(66, 0, 2), 2, 2, 3) { KeyHeads = 1, Position = true, Time = true, Rate = 0.25f }),
        Case(new AttentionCase(AttentionWeighting.Bias, new(66, 0, 2), 1, 0, 3) { Power = true }),
        Case(new RotateCase(new(3, 0, 2) { Trailing = 2 }, 2, 4)),
        Case(new NormalizeCase(NormKind.Rms, 3, 70, groups: 1, weights: 70, hasBias: true)),
        Case(new NormalizeCase(NormKind.Layer, 3, 6, groups: 2, weights: 2, hasBias: true)),
        Case(new EmbedSequencesCase(new(5, 0, 1, 9), 20, 70, true, 0.25f)),
        Case(new SampledSoftmaxCase(3, 66, 20, 66)),
        new("gather rows", Gather),
        new("sum rows", device => SumRows(device)),
        new("all finite", device => [device.Reduction.AllFinite(Values.Strided(device, "x", 3, 7).Part) ? 1 : 0]),
        new("sum of squares", device => [(float)device.Reduction.SumOfSquares(Values.Strided(device, "x", 3, 7).Part)]),
        new("draws", Draw),
        new("adamw", Update),
        new("ranks", device => Rank(device, best: false)),
        new("best", device => Rank(device, best: true)),
        new("sort", Sort),
        new("scan over three stretches", Scan),
        new("ceilings", Ceilings),
    ];

    private static IEnumerable<TourStop> ByVariants(KernelFamily family, TourStop stop) => family.Variants.Where(v => v.Targets.Contains(KernelTarget.OpenCl))
        .Select(v =>
        new TourStop($"{stop.Name} {family}={v}", device => VariantCase.With(device, [$"{family}={v}"], () => stop.Compute(device)), stop.OpensStep));

    private static float[] ByParts(Device device)
    {
        var (_, a) = Values.Strided(device, "a", 520, 3);
        var (_, b) = Values.Strided(device, "b", 520, 5);
        var (whole, c) = Values.Strided(device, "c", 3, 5);
        device.Products.Multiply(a, true, b, false, c, accumulate: true);
        return whole.ToArray();
    }

    private static TourStop Case(OperationCase operation) => new(operation.Name, device => Gradients(CaseRunner.Run(operation, device)), OpensStep: true);

    private static float[] Gradients(CaseResult result) => [.. result.Output, .. result.Gradients.SelectMany(g => g ?? [])];

    private static IEnumerable<TourStop> Of<TFunction>()
        where TFunction : struct, IPointwiseFunction
    {
        var name = typeof(TFunction).Name.ToLowerInvariant();
        yield return new($"{name} forward and backward", device =>
        {
            var (_, x) = Values.Strided(device, "x", 3, 5);
            var (whole, y) = Values.Strided(device, "y", 3, 5);
            device.Pointwise.Forward<TFunction>(x, y);
            device.Pointwise.Backward<TFunction>(x, y, new GradientTarget(y, true));
            return whole.ToArray();
        });
        yield return new($"gate by {name}", device =>
        {
            var (_, a) = Values.Strided(device, "a", 3, 5);
            var (_, b) = Values.Strided(device, "b", 3, 5);
            var (whole, y) = Values.Strided(device, "y", 3, 5);
            var (wholeGradient, db) = Values.Strided(device, "db", 3, 5);
            device.Pointwise.Gate<TFunction>(a, b, y);
            device.Pointwise.GateBackward<TFunction>(a, b, y, new GradientTarget(y, false), new GradientTarget(db, true));
            return [.. whole.ToArray(), .. wholeGradient.ToArray()];
        });
        var product = new TourStop($"product with {name}", device =>
        {
            var (_, a) = Values.Strided(device, "a", 18, 17);
            var (_, b) = Values.Strided(device, "b", 18, 17);
            var (whole, c) = Values.Strided(device, "c", 18, 18);
            var (wholePre, pre) = Values.Strided(device, "pre", 18, 18);
            device.Products.Multiply<TFunction>(a, false, b, true, c, new ProductEpilogue
            {
                Accumulate = true,
                Bias = device.Upload(Values.Uniform("bias", 18), Shape.Matrix(1, 18)),
                PreActivation = pre,
                Residual = c,
            });
            return [.. whole.ToArray(), .. wholePre.ToArray()];
        });
        foreach (var stop in ByVariants(KernelFamilies.Product, product))
        {
            yield return stop;
        }
    }

    private static float[] Moves(Device device)
    {
        var (_, x) = Values.Strided(device, "x", 3, 5);
        var (whole, y) = Values.Strided(device, "y", 3, 5);
        var (filled, z) = Values.Strided(device, "z", 3, 5);
        device.Pointwise.Fill(z, 2f);
        device.Pointwise.Copy(x, y);
        device.Pointwise.Add(z, y, 0.5f);
        device.Pointwise.Dropout(y, new DropoutSite(0.3f, 5, 6, 7), y);
        device.Pointwise.DropoutAdd(x, new DropoutSite(0.3f, 5, 6, 8), y, y);
        return [.. whole.ToArray(), .. filled.ToArray()];
    }

    private static float[] Gather(Device device)
    {
        var (_, source) = Values.Strided(device, "source", 4, 3);
        var (whole, output) = Values.Strided(device, "output", 5, 3);
        device.Embedding.GatherRows(source, device.Upload([3, 0, 1, 1, 2]), output);
        return whole.ToArray();
    }

    private static float[] SumRows(Device device)
    {
        var sum = device.Upload(Values.Uniform("sum", 2), Shape.Matrix(1, 2));
        device.Reduction.SumRows(Values.Strided(device, "x", 258, 2).Part, new GradientTarget(sum, true));
        return sum.ToArray();
    }

    private static float[] Draw(Device device)
    {
        var output = device.AllocateIndices(70);
        device.Sampling.UniformCandidates(device.Upload([2, 3, 5, 7, 11]), 1, 2, 3, output);
        return Array.ConvertAll(output.ToArray(), i => (float)i);
    }

    private static float[] Update(Device device)
    {
        var shape = Shape.Matrix(3, 5);
        var (parameter, gradient) = (device.Upload(Values.Uniform("p", 15), shape), device.Upload(Values.Uniform("g", 15), shape));
        var (first, second) = (device.Upload(new float[15], shape), device.Upload(new float[15], shape));
        device.Optimizer.AdamW(parameter, gradient, first, second, new AdamWStep(1e-3, 0.9, 0.98, 1e-8, 0.01, 1));
        return [.. parameter.ToArray(), .. first.ToArray(), .. second.ToArray()];
    }

    private static float[] Rank(Device device, bool best)
    {
        var queries = device.Upload([.. Values.Integers("q", 6, -3, 4).Select(v => (float)v)], Shape.Matrix(3, 2));
        var items = device.Upload([.. Values.Integers("i", 140, -3, 4).Select(v => (float)v)], Shape.Matrix(70, 2));
        var candidates = device.Upload([.. Enumerable.Range(1, 68)]);
        var filter = new ItemFilter([0, 3, 3, 5], [5, 5, 9, 1, 69]);
        if (!best)
        {
            var ranks = new int[3];
            device.Ranking.Ranks(queries, items, candidates, [7, 8, 1], filter, ranks);
            return Array.ConvertAll(ranks, r => (float)r);
        }

        var (found, scores) = (new int[9], new float[9]);
        device.Ranking.TopK(queries, items, candidates, filter, 3, found, scores);
        return [.. found.Select(i => (float)i), .. scores];
    }

    /// <summary>Two passes over two stretches, the second not full.</summary>
    private static float[] Sort(Device device)
    {
        var table = device.Upload(new float[40], Shape.Matrix(20, 2));
        device.Embedding.EmbedSequencesBackward(
            device.Upload(Values.Integers("ids", 260, 0, 20)), new JaggedLayout([0, 100, 260]), 1, DropoutSite.None,
            device.Upload(Values.Uniform("dy", 520), Shape.Matrix(260, 2)), new GradientTarget(table, false), GradientTarget.None);
        return table.ToArray();
    }

    private static float[] Ceilings(Device device)
    {
        var from = device.Upload(Values.Uniform("from", 12), Shape.Matrix(3, 4));
        var to = device.Upload(new float[12], Shape.Matrix(3, 4));
        var sums = device.Upload(new float[4 * GroupSizes.Elements], Shape.Matrix(GroupSizes.Elements, 4));
        if (device is GpuDevice gpu)
        {
            DeviceCeilings.LaunchCopy(gpu, from, to);
            DeviceCeilings.LaunchMultiplyAdd(gpu, sums, 1, 60);
            return [.. to.ToArray(), .. sums.ToArray()];
        }

        // Each of the 32 chains of x/2 + 1/4 ends at 1/2.
        return [.. from.ToArray(), .. Enumerable.Repeat(4f, 4 * GroupSizes.Elements)];
    }

    /// <summary>More counts than an operation at a small shape makes.</summary>
    private static float[] Scan(Device device)
    {
        var values = Values.Integers("counts", 600, 0, 9);
        if (device is GpuDevice gpu)
        {
            var counts = device.Upload(values);
            gpu.Kernel("sorting.scan.plain").Array(counts).Int32(values.Length).Groups(1);
            return Array.ConvertAll(counts.ToArray(), v => (float)v);
        }

        var sum = 0;
        return Array.ConvertAll(values, v => (float)((sum += v) - v));
    }
}
