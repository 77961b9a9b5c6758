using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Ranks and best items as the CPU finds them. Values are small whole numbers: scores are exact, and many are equal.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class RankingDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    [TestCase(0, 3, 20, 10)]
    [TestCase(1, 1, 1, 1)]
    [TestCase(5, 3, 90, 0)]
    [TestCase(6, 4, 200, 63)]
    [TestCase(4, 2, 300, 65)]
    [TestCase(9, 5, 140, 140)]
    public void Ranks_are_those_of_the_CPU(int queries, int columns, int items, int candidates)
    {
        var (gpu, cpu) = OnBoth(device => Ranks(device, queries, columns, items, candidates));
        Assert.That(gpu, Is.EqualTo(cpu));
        if (candidates == items && queries > 4)
        {
            Assert.That(cpu, Has.Some.EqualTo(0).And.Some.GreaterThan(0), "some targets are filtered, some are not");
        }
    }

    [TestCase(0, 3, 20, 10, 3)]
    [TestCase(1, 1, 1, 1, 1)]
    [TestCase(5, 3, 90, 0, 2)]
    [TestCase(6, 4, 200, 63, 10)]
    [TestCase(4, 2, 300, 65, 70)]
    [TestCase(9, 5, 140, 140, 7)]
    public void The_best_are_those_of_the_CPU(int queries, int columns, int items, int candidates, int k)
    {
        var (gpu, cpu) = OnBoth(device => Best(device, queries, columns, items, candidates, k));
        Assert.That(gpu.Items, Is.EqualTo(cpu.Items));
        Agreement.SameBits(gpu.Scores, cpu.Scores);
    }

    [Test]
    public void A_score_that_is_no_number_names_its_query([Values(0, 64, 99)] int item, [Values(float.NaN, float.PositiveInfinity)] float planted)
    {
        FailsAlike<ArithmeticException>(device => Score(device, item, planted, false));
        FailsAlike<ArithmeticException>(device => Score(device, item, planted, true));
    }

    /// <summary>Scores of −∞ are scores: their items are listed, last and by index; a filtered item is not, and places beyond are empty.</summary>
    [Test]
    public void Infinite_scores_are_listed_and_ranked_as_the_CPU_does()
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var queries = device.Upload([1f, 2f, 1f, 0.5f], Shape.Matrix(2, 2));
            var values = new float[90 * 2];
            for (var item = 0; item < 90; item++)
            {
                values[2 * item] = item % 5 == 0 ? float.NegativeInfinity : item == 33 ? float.PositiveInfinity : item % 7;
            }

            var items = device.Upload(values, Shape.Matrix(90, 2));
            var candidates = device.Upload([.. Enumerable.Range(0, 90)]);
            var filter = new ItemFilter([0, 3, 5], [5, 7, 33, 0, 85]);
            var (best, scores, ranks) = (new int[2 * 95], new float[2 * 95], new int[2]);
            device.Ranking.TopK(queries, items, candidates, filter, 95, best, scores);
            device.Ranking.Ranks(queries, items, candidates, [10, 33], filter, ranks);
            return (best, scores, ranks);
        });
        Assert.That(gpu.best, Is.EqualTo(cpu.best));
        Agreement.SameBits(gpu.scores, cpu.scores);
        Assert.That(gpu.ranks, Is.EqualTo(cpu.ranks));
        Assert.That(cpu.best[95..98], Is.EqualTo(new[] { 33, 6, 13 }));
        Assert.That(cpu.best.AsSpan(0, 95).ToArray().Count(item => item < 0), Is.EqualTo(95 - 87));
        Assert.That(cpu.scores[86], Is.EqualTo(float.NegativeInfinity));
        Assert.That(cpu.best[86], Is.EqualTo(85), "the last item that is left");
        Assert.That(cpu.ranks, Is.EqualTo(new[] { 72, 1 }), "after 70 that are finite and item 0; item 5 is filtered");
    }

    [TestCase(-1)]
    [TestCase(100)]
    public void A_target_outside_the_table_is_named(int target) => FailsAlike<ArgumentException>(device => device.Ranking.Ranks(
        Queries(device, 2, 3), Items(device, 100, 3), device.Upload([1, 2, 3]), [5, target], default, new int[2]));

    [TestCase(new[] { 1, 2, 100 })]
    [TestCase(new[] { -1, 2, 3 })]
    [TestCase(new[] { 1, 3, 3 })]
    [TestCase(new[] { 3, 2, 1 })]
    public void Candidates_that_do_not_increase_within_the_table_are_named(int[] candidates)
    {
        FailsAlike<ArgumentException>(device => device.Ranking.Ranks(Queries(device, 1, 3), Items(device, 100, 3), device.Upload(candidates), [5], default,
            new int[1]));
        FailsAlike<ArgumentException>(device => device.Ranking.TopK(Queries(device, 1, 3), Items(device, 100, 3), device.Upload(candidates), default, 1,
            new int[1], new float[1]));
    }

    [Test]
    public void Candidates_that_are_replaced_are_seen()
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var candidates = device.Upload([1, 2, 3]);
            var (items, queries) = (Items(device, 100, 3), Queries(device, 1, 3));
            var ranks = new int[2];
            device.Ranking.Ranks(queries, items, candidates, [3], default, ranks.AsSpan(0, 1));
            device.Upload([7, 8, 9], candidates);
            device.Ranking.Ranks(queries, items, candidates, [3], default, ranks.AsSpan(1, 1));
            return ranks;
        });
        Assert.That(gpu, Is.EqualTo(cpu));
        Assert.That(gpu[1], Is.EqualTo(0), "no candidate any more");
    }

    [Test]
    public void Nothing_is_left_behind_by_a_failure()
    {
        var held = Gpu.HeldBytes;
        var (queries, items) = (Gpu.AllocatePersistent(Shape.Matrix(1, 3)), Gpu.AllocatePersistent(Shape.Matrix(9, 3)));
        var candidates = Gpu.UploadPersistent([0, 1, 2]);
        Gpu.Pointwise.Fill(items, float.NaN);
        Assert.Throws<ArithmeticException>(() => Gpu.Ranking.TopK(queries, items, candidates, default, 2, new int[2], new float[2]));
        Assert.Throws<ArithmeticException>(() => Gpu.Ranking.Ranks(queries, items, candidates, [1], default, new int[1]));
        Gpu.Release(queries);
        Gpu.Release(items);
        Gpu.Release(candidates);
        Assert.That(Gpu.HeldBytes, Is.EqualTo(held));
    }

    [Test]
    public void What_only_the_CPU_has_is_refused_by_name()
    {
        var error = Assert.Throws<NotSupportedException>(() => InStep(Gpu, device => device.Ranking.Quantize(Items(device, 9, 3), device.Upload([0, 1]))));
        Assert.That(error.Message, Does.StartWith("quantize: the device '").And.Contain("has no int8 copies"));
        error = Assert.Throws<NotSupportedException>(() => InStep(Gpu, device =>
        {
            var (one, two) = (Whole(device, "one", 1, 4), Whole(device, "two", 2, 4));
            device.Attention.HstuTail(new HstuAttentionInputs(one, two, two, 1, 13, null, null), [], [], one);
            return 0;
        }));
        Assert.That(error.Message, Does.StartWith("attention tail: the device '"));
        Assert.That(() => Gpu.Attention.RequireContinuing(), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(error.Message));
    }

    private static int[] Ranks(Device device, int queries, int columns, int items, int candidates)
    {
        var (offsets, filtered) = Filter(queries, items);
        var ranks = new int[queries];
        device.Ranking.Ranks(
            Queries(device, queries, columns), Items(device, items, columns), device.Upload(Candidates(items, candidates)),
            Values.Integers("targets", queries, 0, items), new ItemFilter(offsets, filtered), ranks);
        return ranks;
    }

    private static (int[] Items, float[] Scores) Best(Device device, int queries, int columns, int items, int candidates, int k)
    {
        var (offsets, filtered) = Filter(queries, items);
        var best = (Items: new int[queries * k], Scores: new float[queries * k]);
        device.Ranking.TopK(
            Queries(device, queries, columns), Items(device, items, columns), device.Upload(Candidates(items, candidates)),
            new ItemFilter(offsets, filtered), k, best.Items, best.Scores);
        return best;
    }

    /// <summary>One value that is no number, of an item that is a candidate.</summary>
    private static void Score(Device device, int item, float planted, bool best)
    {
        var (queries, items) = (Queries(device, 3, 3), Items(device, 100, 3));
        device.Pointwise.Fill(items.SliceRows(item, 1), planted);
        device.Pointwise.Fill(queries.SliceRows(0, 1), 1f);
        if (!float.IsNaN(planted))
        {
            // ∞ − ∞ for the last query alone.
            device.Pointwise.Fill(queries, 1f);
            device.Pointwise.Fill(queries.SliceRows(2, 1).SliceColumns(1, 1), -1f);
        }

        var candidates = device.Upload([.. Enumerable.Range(0, 100)]);
        if (best)
        {
            device.Ranking.TopK(queries, items, candidates, default, 4, new int[12], new float[12]);
        }
        else
        {
            device.Ranking.Ranks(queries, items, candidates, [5, 6, 7], default, new int[3]);
        }
    }

    private static Tensor Queries(Device device, int count, int columns) => Whole(device, "queries", count, columns);

    private static Tensor Items(Device device, int count, int columns) => Whole(device, "items", count, columns);

    /// <summary>Whole numbers within a matrix that is wider.</summary>
    private static Tensor Whole(Device device, string name, int rows, int columns)
    {
        var part = Values.Strided(device, name, rows, columns).Part;
        device.Upload([.. Values.Integers(name, rows * columns, -3, 4).Select(v => (float)v)], part);
        return part;
    }

    private static int[] Candidates(int items, int count) =>
        [.. Enumerable.Range(0, items).OrderBy(item => (item * 7919L % items, item)).Take(count).Order()];

    /// <summary>Ids that are no candidates, doubles, ids outside the table, and nothing at all for some queries.</summary>
    private static (int[] Offsets, int[] Items) Filter(int queries, int items)
    {
        var offsets = new int[queries + 1];
        var filtered = new List<int>();
        for (var query = 0; query < queries; query++)
        {
            var drawn = Values.Integers($"filter {query}", (query % 3) * items / 4, -1, items + 2);
            filtered.AddRange(drawn);
            filtered.AddRange(drawn.Take(3));
            offsets[query + 1] = filtered.Count;
        }

        return (offsets, [.. filtered]);
    }
}
