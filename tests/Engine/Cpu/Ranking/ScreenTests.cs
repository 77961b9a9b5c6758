using CsCheck;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Ranking;

/// <summary>Lists that come by way of a screen are bit for bit those of scoring every candidate by the chain fma(q_d, e_d, sum), and so are the
/// errors.</summary>
public sealed class ScreenTests
{
    private static readonly Gen<float> Ordinary = Gen.Float[-1f, 1f];

    /// <summary>One row over and over, each a few units in the last place from the others: what a bound that is a little too tight gets wrong.</summary>
    private static readonly Gen<Problem> AlmostEqual = Problems(
        (rows, columns) => from row in Ordinary.Array[columns] from steps in Gen.Int[-2, 2].Array[rows * columns] select Shift(row, steps));

    private static readonly Gen<Problem> Directions = Problems((rows, columns) => Ordinary.Array[rows * columns]);

    /// <summary>Rows of very different sizes, down to where numbers underflow and up to where they overflow.</summary>
    private static readonly Gen<Problem> Scaled = Problems((rows, columns) =>
        from values in Ordinary.Array[rows * columns]
        from powers in Gen.Int[-45, 38].Array[rows]
        select values.Select((value, i) => (float)(value * Math.Pow(10, powers[i / columns]))).ToArray());

    private static readonly Gen<Problem> NotFinite = Problems((rows, columns) =>
        from values in Ordinary.Array[rows * columns]
        from planted in Gen.OneOf(Gen.Const(float.NaN), Gen.Const(float.PositiveInfinity), Gen.Const(float.NegativeInfinity), Gen.Const(float.MaxValue))
        from at in Gen.Int[0, (rows * columns) - 1]
        select Plant(values, at, planted));

    private static IEnumerable<TestCaseData> Kinds =>
    [
        new TestCaseData(Directions).SetArgDisplayNames("directions"),
        new TestCaseData(AlmostEqual).SetArgDisplayNames("almost equal rows"),
        new TestCaseData(Scaled).SetArgDisplayNames("all sizes"),
        new TestCaseData(NotFinite).SetArgDisplayNames("not finite"),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void Screened_lists_are_those_of_scoring_every_candidate(object kind)
    {
        var devices = CpuConfigurations.Widths.Select(width => new CpuDevice(2, width)).ToArray();
        try
        {
            ((Gen<Problem>)kind).Sample(
                problem =>
                {
                    var expected = problem.Expected();
                    foreach (var device in devices)
                    {
                        Assert.That(problem.Plain(device), Is.EqualTo(expected), $"rows, {device.Name}");
                        Assert.That(problem.Quantized(device), Is.EqualTo(expected), $"int8, {device.Name}");
                    }
                },
                iter: 60,
                threads: 1);
        }
        finally
        {
            Array.ForEach(devices, device => device.Dispose());
        }
    }

    [Test]
    public void Long_lists_and_many_queries_agree_too([ValueSource(typeof(CpuConfigurations), nameof(CpuConfigurations.Widths))] SimdWidth width,
        [Values(1, 3, 40)] int queries, [Values(10, 700)] int k)
    {
        var problem = new RankingCase(queries, 37, 5000, 4900, 90, 60, 21);
        using var device = new CpuDevice(3, width);
        using var step = device.BeginStep();
        var (items, candidates) = (device.Upload(problem.ItemValues, Shape.Matrix(5000, 37)), device.Upload(problem.Candidates));
        using var quantized = device.Ranking.Quantize(items, candidates);
        var (top, scores) = (new int[queries * k], new float[queries * k]);
        device.Ranking.TopK(device.Upload(problem.QueryValues, Shape.Matrix(queries, 37)), quantized, problem.Filter, k, top, scores);
        for (var query = 0; query < queries; query++)
        {
            var sorted = problem.Sorted(query).Take(k).ToArray();
            Assert.That(top.Skip(query * k).Take(k), Is.EqualTo(sorted.Select(pair => pair.Item)));
            Assert.That(scores.Skip(query * k).Take(k).Select(score => (double)score), Is.EqualTo(sorted.Select(pair => pair.Score)));
        }
    }

    [Test]
    public void A_copy_gives_its_memory_back()
    {
        using var device = new CpuDevice(1);
        var items = device.AllocatePersistent(Shape.Matrix(100, 8));
        var candidates = device.UploadPersistent([.. Enumerable.Range(1, 99)]);
        var before = device.PersistentBytes;
        var quantized = device.Ranking.Quantize(items, candidates);
        Assert.That(device.PersistentBytes - before, Is.EqualTo(112 * (8 + 4)), "a byte a value and a scale a row, of 7 panels of 16 rows");
        quantized.Dispose();
        Assert.That(device.PersistentBytes, Is.EqualTo(before));
        using var step = device.BeginStep();
        var query = device.Upload(new float[8], Shape.Matrix(1, 8));
        Assert.That(() => device.Ranking.TopK(query, quantized, default, 1, new int[1], new float[1]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Wrong_arguments_are_named()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var items = device.Upload(new float[40], Shape.Matrix(10, 4));
        Assert.That(() => device.Ranking.Quantize(items, device.Upload([3, 3])),
            Throws.ArgumentException.With.Message.Contains("candidates must increase; candidate 1"));
        Assert.That(() => device.Ranking.Quantize(items, device.Upload([3, 10])), Throws.ArgumentException.With.Message.Contains("candidate 1 is item 10"));
        using var quantized = device.Ranking.Quantize(items, device.Upload([3, 4]));
        var query = device.Upload(new float[5], Shape.Matrix(1, 5));
        Assert.That(() => device.Ranking.TopK(query, quantized, default, 1, new int[1], new float[1]),
            Throws.ArgumentException.With.Message.Contains("differ in columns"));
        query = device.Upload(new float[4], Shape.Matrix(1, 4));
        Assert.That(() => device.Ranking.TopK(query, quantized, default, 0, [], []), Throws.ArgumentException.With.Message.Contains("k is 0"));
    }

    /// <summary>A screen has a bar to compare with only from the second block of 512 on: half of the problems have several.</summary>
    private static Gen<Problem> Problems(Func<int, int, Gen<float[]>> table) =>
        from rows in Gen.OneOf(Gen.Int[1, 700], Gen.Int[1100, 1600])
        from columns in Gen.OneOf(Gen.Int[1, 9], Gen.Int[48, 68])
        from queries in Gen.Int[1, 3]
        from k in Gen.Int[1, 12]
        from items in table(rows, columns)
        from values in Ordinary.Array[queries * columns]
        from power in Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[-40, 36]))
        from hidden in Gen.Int[0, rows - 1].Array[0, 20]
        from seen in Gen.Bool.Array[rows]
        from isWhole in Gen.Bool
        select new Problem(
            queries,
            columns,
            k,
            items,
            [.. values.Select(value => (float)(value * Math.Pow(10, power)))],
            [.. Enumerable.Range(0, rows).Where(row => isWhole || seen[row])],
            hidden);

    private static float[] Shift(float[] row, int[] steps) =>
        [.. steps.Select((step, i) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(row[i % row.Length]) + step))];

    private static float[] Plant(float[] values, int at, float planted)
    {
        values[at] = planted;
        return values;
    }

    private sealed record Problem(int Queries, int Columns, int K, float[] Items, float[] Values, int[] Candidates, int[] Hidden)
    {
        private int Rows => Items.Length / Columns;

        /// <summary>The lists as text, or the error's.</summary>
        public string Expected()
        {
            var lists = new List<(int, float)>();
            for (var query = 0; query < Queries; query++)
            {
                var scores = Candidates.Select(item => (item, Score: Score(query, item))).ToArray();
                if (scores.Any(pair => float.IsNaN(pair.Score)))
                {
                    return $"top k: a score of query {query} is NaN; its query or an item's row holds NaN or infinities";
                }

                var best = scores.Where(pair => query > 0 || !Hidden.Contains(pair.item)).OrderByDescending(pair => pair.Score).Take(K).ToList();
                lists.AddRange(best.Concat(Enumerable.Repeat((-1, float.NegativeInfinity), K - best.Count)));
            }

            return Text(lists);
        }

        public string Plain(CpuDevice device) => Run(device, (queries, items, candidates, top, scores) =>
            device.Ranking.TopK(queries, items, candidates, Filter(), K, top, scores));

        public string Quantized(CpuDevice device) => Run(device, (queries, items, candidates, top, scores) =>
        {
            using var quantized = device.Ranking.Quantize(items, candidates);
            device.Ranking.TopK(queries, quantized, Filter(), K, top, scores);
        });

        private static string Text(IEnumerable<(int Item, float Score)> list) => string.Join(" ", list.Select(pair => $"{pair.Item}:{pair.Score + 0f:R}"));

        /// <summary>Only the first query's hides something.</summary>
        private ItemFilter Filter() => new((int[])[0, .. Enumerable.Repeat(Hidden.Length, Queries)], Hidden);

        private float Score(int query, int item)
        {
            var sum = 0f;
            for (var d = 0; d < Columns; d++)
            {
                sum = MathF.FusedMultiplyAdd(Values[(query * Columns) + d], Items[(item * Columns) + d], sum);
            }

            return sum;
        }

        private string Run(CpuDevice device, Action<Tensor, Tensor, IndexTensor, int[], float[]> rank)
        {
            using var step = device.BeginStep();
            var (top, scores) = (new int[Queries * K], new float[Queries * K]);
            try
            {
                rank(device.Upload(Values, Shape.Matrix(Queries, Columns)), device.Upload(Items, Shape.Matrix(Rows, Columns)), device.Upload(Candidates), top,
                    scores);
            }
            catch (ArithmeticException exception)
            {
                return exception.Message;
            }

            return Text(top.Zip(scores));
        }
    }
}
