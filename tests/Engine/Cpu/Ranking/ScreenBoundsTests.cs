using CsCheck;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Ranking;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Ranking;

/// <summary>No score is above its bound, however it is rounded; and bounds are near enough to let few through.</summary>
[TestFixtureSource(typeof(CpuConfigurations), nameof(CpuConfigurations.Widths))]
public sealed unsafe class ScreenBoundsTests(SimdWidth width)
{
    private static readonly Gen<(int Columns, float[] Query, float[] Items)> Problems =
        from columns in Gen.OneOf(Gen.Int[1, 9], Gen.Int[30, 70])
        from rows in Gen.Int[1, 90]
        from query in Gen.Float[-1f, 1f].Array[columns]
        from items in Gen.Float[-1f, 1f].Array[rows * columns]
        from powers in Gen.OneOf(Gen.Const(new int[rows]), Gen.Int[-44, 37].Array[rows])
        from power in Gen.OneOf(Gen.Const(0), Gen.Int[-44, 37])
        select (columns, Scale(query, _ => power), Scale(items, i => powers[i / columns]));

    [Test]
    public void Sums_of_rows_bound_scores() => Problems.Sample(problem => Check(problem, quantized: false), iter: 400, threads: 1);

    [Test]
    public void Codes_bound_scores() => Problems.Sample(problem => Check(problem, quantized: true), iter: 400, threads: 1);

    [Test]
    public void Bounds_of_directions_are_near([Values(16, 64, 100)] int columns)
    {
        var stream = new PhiloxStream(1, "directions");
        var values = Enumerable.Range(0, 500 * columns).Select(_ => (float)stream.NextNormal()).ToArray();
        var problem = (columns, values[..columns], values[columns..]);
        var norms = 2.0 * columns; // above ‖q‖·‖e‖ of normal values
        Assert.That(Bounds(problem, false).Zip(Scores(problem)).Max(pair => pair.First - pair.Second), Is.LessThan(4e-5 * norms));
        Assert.That(Bounds(problem, true).Zip(Scores(problem)).Max(pair => pair.First - pair.Second), Is.LessThan(0.02 * norms));
    }

    private static float[] Scale(float[] values, Func<int, int> power) => [.. values.Select((value, i) => (float)(value * Math.Pow(10, power(i))))];

    private static float[] Scores((int Columns, float[] Query, float[] Items) problem)
    {
        var scores = new float[problem.Items.Length / problem.Columns];
        for (var i = 0; i < problem.Items.Length; i++)
        {
            ref var score = ref scores[i / problem.Columns];
            score = MathF.FusedMultiplyAdd(problem.Query[i % problem.Columns], problem.Items[i], score);
        }

        return scores;
    }

    private void Check((int Columns, float[] Query, float[] Items) problem, bool quantized)
    {
        foreach (var (bound, score) in Bounds(problem, quantized).Zip(Scores(problem)))
        {
            // As a screen asks: what is no number passes.
            Assert.That(bound < score, Is.False, $"bound {bound:R}, score {score:R}");
        }
    }

    private float[] Bounds((int Columns, float[] Query, float[] Items) problem, bool quantized)
    {
        using var device = new CpuDevice(1, width);
        using var step = device.BeginStep();
        var rows = problem.Items.Length / problem.Columns;
        var query = device.Upload(problem.Query, Shape.Matrix(1, problem.Columns));
        var items = device.Upload(problem.Items, Shape.Matrix(rows, problem.Columns));
        var candidates = device.Upload([.. Enumerable.Range(0, rows)]);
        var bounds = new float[ScreenedTop.BlockCandidates];
        fixed (float* output = bounds)
        {
            if (quantized)
            {
                using var copy = device.Ranking.Quantize(items, candidates);
                using var memory = device.Scratch.Rent(QuantizedScreen.MemoryValues(1, problem.Columns));
                Run(device, new QuantizedScreen(copy, query, .., memory.Pointer), rows, output);
            }
            else
            {
                var screen = new RowScreen
                {
                    Queries = CpuDevice.Pointer(query),
                    QueryStride = query.RowStride,
                    Items = CpuDevice.Pointer(items),
                    ItemStride = items.RowStride,
                    Columns = problem.Columns,
                    Candidates = CpuDevice.Pointer(candidates),
                };
                Run(device, screen, rows, output);
            }
        }

        return bounds[..rows];
    }

    private static void Run<TScreen>(CpuDevice device, TScreen screen, int count, float* bounds)
        where TScreen : struct, IScoreScreen
    {
        var job = new BoundsJob<TScreen> { Screen = screen, Count = count, Output = bounds };
        device.Workers.Run(1, ref job);
    }

    private struct BoundsJob<TScreen> : IChunkJob
        where TScreen : struct, IScoreScreen
    {
        public TScreen Screen;
        public int Count;
        public float* Output;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => Screen.Bounds<TVector>(0, 0, Count, Output);
    }
}
