using CsCheck;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Cpu.Attention;

[TestFixtureSource(nameof(Widths))]
internal sealed class HstuAttentionTests(SimdWidth width)
{
    private static readonly int[] Ragged = [0, 1, 2, 3, 15, 16, 17, 33, 64, 65, 200, 211, 0];

    private CpuDevice _device = null!;

    public static IEnumerable<SimdWidth> Widths => CpuConfigurations.Widths;

    [OneTimeSetUp]
    public void Start() => _device = new CpuDevice(2, width);

    [OneTimeTearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Ragged_batches_agree_with_float64(
        [Values("1x50x50", "2x25x25", "3x7x20", "1x64x32", "2x1x3", "1x17x70", "1x130x5")] string widths, [Values] bool position, [Values] bool time)
    {
        var (heads, keys, values) = widths.Split('x').Select(int.Parse).ToArray() is [var h, var k, var v] ? (h, k, v) : default;
        CheckAll(new AttentionCase(Ragged, heads, keys, values, position, time));
    }

    [Test]
    public void Sampled_shapes_agree_with_float64() =>
        Gen.Select(Gen.Int[0, 150].Array[1, 6], Gen.Int[1, 4], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Bool, Gen.Bool).Sample(
            (lengths, heads, keys, values, position, time) => CheckAll(new AttentionCase(lengths, heads, keys, values, position, time)),
            iter: 60, threads: 1);

    [Test]
    public void The_last_rows_alone_agree_with_float64() =>
        Gen.Select(Gen.Int[1, 230], Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[1, 70], Gen.Int[1, 70], Gen.Bool, Gen.Bool).Sample(
            (length, rows, heads, keys, values, position, time) =>
            {
                var problem = new AttentionCase([length], heads, keys, values, position, time);
                rows = Math.Min(rows, length);
                var skipped = (length - rows) * heads * values;
                Check(
                    AttentionRun.Tail(_device, problem, rows),
                    new AttentionReference<double>(problem).Output()[skipped..],
                    new AttentionReference<float>(problem).Output()[skipped..],
                    $"the last {rows} rows of {problem}");
            },
            iter: 60, threads: 1);

    [Test]
    public void A_long_sequence_whose_tiles_are_dealt_out_agrees_with_float64() =>
        CheckAll(new AttentionCase([70, 1500, 3], 2, 5, 6, position: true, time: true));

    [Test]
    public void A_sequence_of_8192_agrees_with_float64()
    {
        var problem = new AttentionCase([8192], 1, 2, 2, position: true, time: true);
        Check(AttentionRun.Output(_device, problem), new AttentionReference<double>(problem).Output(), new AttentionReference<float>(problem).Output(), "o");
    }

    [Test]
    public void The_normaliser_may_be_as_short_as_the_longest_sequence_and_far_longer() =>
        Assert.Multiple(() =>
        {
            CheckAll(new AttentionCase([1, 0, 1], 1, 4, 4, position: true, time: true, normalizer: 1));
            CheckAll(new AttentionCase([5, 3], 1, 4, 4, position: true, time: true, normalizer: 5));
            CheckAll(new AttentionCase([5, 3], 1, 4, 4, position: true, time: true, normalizer: 1000));
        });

    [Test]
    public void Gradients_are_added_where_that_is_asked_for()
    {
        var problem = new AttentionCase(Ragged, 2, 9, 21, position: true, time: true);
        var written = AttentionRun.Gradients(_device, problem);
        var added = AttentionRun.Gradients(_device, problem, initial: 0.5f);
        for (var which = 0; which < 5; which++)
        {
            Bits.AssertEqual(added[which]!, written[which]!.Select(x => 0.5f + x).ToArray(), AttentionRun.GradientNames[which]);
        }
    }

    [Test]
    public void Gradients_of_a_long_sequence_are_added_where_that_is_asked_for()
    {
        var problem = new AttentionCase([900], 1, 9, 21, position: true, time: true);
        var written = AttentionRun.Gradients(_device, problem);
        var added = AttentionRun.Gradients(_device, problem, initial: 0.5f);
        for (var which = 0; which < 5; which++)
        {
            Bits.AssertEqual(added[which]!, written[which]!.Select(x => 0.5f + x).ToArray(), AttentionRun.GradientNames[which]);
        }
    }

    [Test]
    public void Gradients_that_nobody_wants_change_no_other([Range(0, 31)] int which)
    {
        bool[] wanted = [.. Enumerable.Range(0, 5).Select(i => ((which >> i) & 1) != 0)];
        foreach (var lengths in new[] { new[] { 70, 0, 20 }, [700] })
        {
            var problem = new AttentionCase(lengths, 2, 9, 21, position: true, time: true);
            var all = AttentionRun.Gradients(_device, problem);
            var some = AttentionRun.Gradients(_device, problem, wanted);
            for (var i = 0; i < 5; i++)
            {
                Assert.That(some[i] is not null, Is.EqualTo(wanted[i]));
                Bits.AssertEqual(some[i] ?? all[i]!, all[i]!, AttentionRun.GradientNames[i]);
            }
        }
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        AttentionCase[] problems =
        [
            new(Ragged, 2, 25, 30, position: true, time: true),
            new([1500, 30], 1, 8, 8, position: true, time: true),
            new([700], 3, 8, 8, position: true, time: true),
            new([.. Enumerable.Range(0, 150).Select(b => b * 7 % 90)], 1, 6, 10, position: true, time: true),
        ];
        foreach (var problem in problems)
        {
            float[][]? expected = null;
            foreach (var threads in CpuConfigurations.ThreadCounts)
            {
                using var device = new CpuDevice(threads, width);
                float[][] actual = [AttentionRun.Output(device, problem), .. AttentionRun.Gradients(device, problem).Select(g => g!)];
                expected ??= actual;
                for (var which = 0; which < actual.Length; which++)
                {
                    Bits.AssertEqual(actual[which], expected[which], $"result {which} on {threads} threads, {problem}");
                }
            }
        }
    }

    [Test]
    public void Later_tokens_change_no_earlier_output()
    {
        var problem = new AttentionCase([150], 1, 20, 20, position: true, time: true);
        var shorter = new AttentionCase([100], 1, 20, 20, position: true, time: true, problem.Normalizer);
        Bits.AssertEqual(AttentionRun.Output(_device, problem)[..2000], AttentionRun.Output(_device, shorter), "the first 100 rows");
    }

    [Test]
    public void A_batch_without_tokens_has_biases_gradients_of_zero()
    {
        var problem = new AttentionCase([0, 0], 1, 4, 4, position: true, time: true);
        Assert.That(AttentionRun.Output(_device, problem), Is.Empty);
        var gradients = AttentionRun.Gradients(_device, problem);
        Assert.That(gradients[3], Is.Not.Empty.And.All.Zero);
        Assert.That(gradients[4], Is.Not.Empty.And.All.Zero);
    }

    [Test]
    public void The_gradient_of_a_bias_that_is_not_there_is_refused()
    {
        using var step = _device.BeginStep();
        var x = new TestMatrix(_device, 3, 4, strided: false, TestMatrix.Normal("x", 12)).Tensor;
        var bias = new TestMatrix(_device, 1, TimeBuckets.Count, strided: false).Tensor;
        var inputs = new HstuAttentionInputs(x, x, x, 1, 5, null, null);
        Assert.That(
            () => _device.Attention.HstuBackward(inputs, new([0, 3]), x, default(HstuAttentionGradients) with { TimeBias = new(bias, false) }),
            Throws.ArgumentException.With.Message.EqualTo("attention backward: a gradient of the time bias is asked for, but there is no time bias"));
    }

    private void CheckAll(AttentionCase problem)
    {
        var truth = new AttentionReference<double>(problem);
        var plain = new AttentionReference<float>(problem);
        Check(AttentionRun.Output(_device, problem), truth.Output(), plain.Output(), $"o of {problem}");
        var expected = truth.Gradients(AttentionReference<double>.Convert(problem.OutputGradient));
        var plainGradients = plain.Gradients(problem.OutputGradient);
        var actual = AttentionRun.Gradients(_device, problem);
        for (var which = 0; which < 5; which++)
        {
            if (actual[which] is { } gradient)
            {
                Check(gradient, expected[which], plainGradients[which], $"{AttentionRun.GradientNames[which]} of {problem}");
            }
        }
    }

    /// <summary>No value is further from the truth than twice the furthest of a plain float32 implementation; a few units in the last place are always
    /// allowed.</summary>
    private static void Check(float[] actual, double[] truth, float[] plain, string message)
    {
        var plainError = plain.Select((x, i) => Math.Abs(x - truth[i])).DefaultIfEmpty().Max();
        var tolerance = (2 * plainError) + (4e-7 * truth.Select(Math.Abs).DefaultIfEmpty().Max());
        Bits.AssertWithin(actual, truth, _ => tolerance, message);
    }
}
