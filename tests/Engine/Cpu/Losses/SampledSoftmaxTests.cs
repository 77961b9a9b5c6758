using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Losses;

namespace LargeRec.Engine.Tests.Cpu.Losses;

public sealed class SampledSoftmaxTests
{
    private static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    [Test]
    public void Loss_and_gradients_agree_with_float64_for_every_width_and_every_way_to_sum_the_items(
        [ValueSource(nameof(Widths))] SimdWidth width, [Values] ItemSummation summation,
        [Values(1, 2, 3, 5, 8, 15, 16, 17, 25, 31, 32, 33, 50, 63, 64, 70, 200)] int columns)
    {
        using var device = new CpuDevice(2, width);
        var problem = new SampledSoftmaxCase(37, 21, columns, 19, columns);
        problem.Run(device, summation).AssertCloseTo(problem.Reference());
    }

    [Test]
    public void Any_number_of_tokens_and_negatives_will_do(
        [Values] ItemSummation summation, [Values(0, 1, 2, 63, 65, 300)] int tokens, [Values(0, 1, 7, 16, 63, 64, 65, 130)] int negatives)
    {
        using var device = new CpuDevice(2);
        var problem = new SampledSoftmaxCase(tokens, negatives, 50, 40, tokens + negatives);
        problem.Run(device, summation).AssertCloseTo(problem.Reference());
    }

    [Test]
    public void A_large_catalogue_is_summed_in_ranges(
        [Values(ItemSummation.Segments, ItemSummation.Ranges)] ItemSummation summation, [Values(2, 64, 65, 5000, 70_000)] int items)
    {
        using var device = new CpuDevice(3);
        var problem = new SampledSoftmaxCase(200, 33, 20, items, items);
        problem.Run(device, summation).AssertCloseTo(problem.Reference());
    }

    [Test]
    public void The_bits_are_the_same_for_any_number_of_threads([ValueSource(nameof(Widths))] SimdWidth width, [Values] ItemSummation summation)
    {
        var problem = new SampledSoftmaxCase(2100, 40, 50, 300, 7);
        using var one = new CpuDevice(1, width);
        var expected = problem.Run(one, summation);
        foreach (var threads in (ReadOnlySpan<int>)[2, 3, 8])
        {
            using var device = new CpuDevice(threads, width);
            problem.Run(device, summation).AssertSameBits(expected);
        }
    }

    [Test]
    public void Over_the_used_rows_only_and_in_place_the_bits_are_those_of_the_whole_table(
        [ValueSource(nameof(Widths))] SimdWidth width, [Values] ItemSummation summation, [Values(40, 3000, 50_000)] int items)
    {
        var problem = new SampledSoftmaxCase(1100, 9, 50, items, items);
        foreach (var threads in (ReadOnlySpan<int>)[1, 3])
        {
            using var device = new CpuDevice(threads, width);
            var whole = problem.Run(device, summation);
            var (result, rows) = problem.RunOfRows(device, summation);
            var zeros = Enumerable.Range(0, items).Except(rows).SelectMany(r => whole.ItemGradient.AsSpan(r * 50, 50).ToArray());
            Assert.That(zeros, Is.All.EqualTo(0f), "rows that are not used have no gradient");
            float[] ofRows = [.. rows.SelectMany(r => whole.ItemGradient.AsSpan(r * 50, 50).ToArray())];
            result.AssertSameBits(whole with { ItemGradient = ofRows });
        }
    }

    [Test]
    public void The_bits_do_not_depend_on_strides([Values] ItemSummation summation)
    {
        var problem = new SampledSoftmaxCase(300, 40, 50, 120, 8);
        using var device = new CpuDevice(2);
        var expected = problem.Run(device, summation);
        foreach (var gap in (ReadOnlySpan<int>)[1, 3, 16])
        {
            problem.Run(device, summation, gap).AssertSameBits(expected);
        }
    }

    [Test]
    public void A_token_without_a_label_counts_nothing_and_has_no_gradient([Values] ItemSummation summation)
    {
        using var device = new CpuDevice(2);
        var problem = new SampledSoftmaxCase(90, 12, 10, 30, 9);
        for (var t = 0; t < problem.Tokens; t += 2)
        {
            problem.Labels[t] = 0;
        }

        problem.QueryValues.AsSpan(0, problem.Columns).Fill(float.NaN);
        var result = problem.Run(device, summation);
        Assert.That(result.QueryGradient.Take(problem.Columns), Is.All.Zero);
        problem.QueryValues.AsSpan(0, problem.Columns).Clear();
        result.AssertCloseTo(problem.Reference());
    }

    [Test]
    public void A_negative_that_is_the_label_is_left_out([Values] ItemSummation summation, [Values(16, 21)] int negatives)
    {
        using var device = new CpuDevice(2);
        var problem = new SampledSoftmaxCase(60, negatives, 12, 4, 10);
        problem.Negatives.AsSpan(0, negatives).Fill(problem.Labels[0] = 3);
        problem.Run(device, summation).AssertCloseTo(problem.Reference());
    }

    [Test]
    public void Where_all_negatives_are_the_label_the_loss_is_zero()
    {
        using var device = new CpuDevice(1);
        var problem = new SampledSoftmaxCase(3, 20, 12, 4, 10);
        Array.Fill(problem.Labels, 2);
        Array.Fill(problem.Negatives, 2);
        var result = problem.Run(device);
        Assert.That(result.Loss, Is.Zero);
        Assert.That(result.QueryGradient, Is.All.Zero);
        Assert.That(result.ItemGradient, Is.All.Zero);
    }

    [TestCase(30f)]
    [TestCase(1e-3f)]
    public void Logits_of_any_size_neither_overflow_nor_vanish(float scale)
    {
        // Logits of ±600 are rounded to 3e-5, and their exponentials are off by as much.
        using var device = new CpuDevice(2);
        var problem = new SampledSoftmaxCase(80, 70, 24, 90, 11, scale);
        problem.Run(device).AssertCloseTo(problem.Reference(), scale > 1 ? 3e-4 : 1e-5);
    }

    [Test]
    public void The_maximum_may_come_late()
    {
        using var device = new CpuDevice(1);
        var problem = new SampledSoftmaxCase(1, 200, 8, 201, 12);
        problem.Labels[0] = 200;
        for (var r = 0; r < 200; r++)
        {
            problem.Negatives[r] = r;
            problem.ItemValues.AsSpan(r * 8, 8).Clear();
            problem.ItemValues[r * 8] = (r - 100) / 100f;
        }

        problem.QueryValues.AsSpan().Clear();
        problem.QueryValues[0] = 1;
        problem.Run(device).AssertCloseTo(problem.Reference());
    }

    [Test]
    public void The_reference_itself_agrees_with_central_differences()
    {
        var problem = new SampledSoftmaxCase(3, 4, 3, 6, 13);
        var gradients = problem.Reference();
        AssertDifferences(problem, problem.QueryValues, gradients.QueryGradient);
        AssertDifferences(problem, problem.ItemValues, gradients.ItemGradient);
    }

    [Test]
    public void Not_a_number_in_a_query_comes_out_in_the_loss()
    {
        using var device = new CpuDevice(2);
        var problem = new SampledSoftmaxCase(5, 20, 12, 9, 14);
        Array.Fill(problem.Labels, 1);
        problem.QueryValues[0] = float.NaN;
        Assert.That(problem.Run(device).Loss, Is.NaN);
    }

    [Test]
    public void An_id_outside_the_table_is_named_with_its_token([Values] ItemSummation summation)
    {
        using var device = new CpuDevice(3);
        var problem = new SampledSoftmaxCase(700, 20, 12, 9, 15);
        problem.Negatives[(500 * 20) + 3] = 9;
        problem.Negatives[(600 * 20) + 4] = -1;
        Assert.That(() => problem.Run(device, summation), Throws.ArgumentException.With.Message.Contains("negative 3 of token 500 is id 9")
            .And.Message.Contains("0 to 8"));
        problem.Labels[2] = -7;
        Assert.That(() => problem.Run(device, summation), Throws.ArgumentException.With.Message.Contains("the label of token 2 is id -7"));
    }

    [Test]
    public void The_groups_depend_on_the_shape_and_on_nothing_else()
    {
        Assert.That(ItemGradientTables.GroupsFor(25_600, 3_953, 64, 64 << 20), Is.EqualTo(8));
        Assert.That(ItemGradientTables.GroupsFor(25_600, 700_000, 64, 64 << 20), Is.Zero);
    }

    private static void AssertDifferences(SampledSoftmaxCase problem, float[] values, double[] gradient)
    {
        // Steps of a power of two are exact in float32, so that the float64 reference sees just what was asked for.
        const float Step = 1f / 1024;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] = MathF.Round(values[i] * 4096) / 4096;
            var exact = problem.Reference();
            var analytic = ReferenceEquals(values, problem.QueryValues) ? exact.QueryGradient[i] : exact.ItemGradient[i];
            values[i] = value + Step;
            var above = problem.Reference().Loss;
            values[i] = value - Step;
            var below = problem.Reference().Loss;
            values[i] = value;
            Assert.That(analytic, Is.EqualTo((above - below) / (2 * Step)).Within(2e-3 * Math.Max(1, gradient.Max(Math.Abs))));
        }
    }
}
