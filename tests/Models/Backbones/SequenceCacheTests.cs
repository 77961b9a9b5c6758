using CsCheck;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Tests.Backbones;

public sealed class SequenceCacheTests
{
    private const int ItemRows = 40;

    [Test]
    public void Event_by_event_gives_what_encoding_the_window_gives()
    {
        // A layer norm of two columns is the sign of their difference wherever that is above its epsilon: last bits of two values that nearly agree become
        // whole numbers of the output, so that width has no bound to hold (seed fYy-o1hF0rM1 was of it, 7e-5 away, whatever the products).
        var width = Gen.Int[1, 20].Where(columns => columns != 2);
        var problems =
            from heads in Gen.Int[1, 3]
            from widths in Gen.Select(width, Gen.Int[1, 20], Gen.Int[1, 70])
            from layers in Gen.Int[1, 3]
            from bias in Gen.Enum<AttentionBias>()
            from concat in Gen.Bool
            from length in Gen.Int[1, 12]
            from slack in Gen.Int[0, length - 1]
            from threads in Gen.Int[1, 2]
            from events in Gen.Select(Gen.Int[0, ItemRows - 1], Gen.OneOf(Gen.Const(0), Gen.Int[0, 100_000]), Gen.Bool).Array[1, 40]
            select (Options: new HstuOptions
            {
                ItemRows = ItemRows,
                MaxLength = length,
                Layers = layers,
                Width = widths.Item1,
                Heads = heads,
                Dqk = widths.Item2,
                Dv = widths.Item3,
                Bias = bias,
                ConcatUa = concat,
            }, slack, threads, events);
        problems.Sample(
            problem =>
            {
                using var device = new CpuDevice(problem.threads);
                var model = Lively(device, problem.Options);
                using var cache = model.NewCache(device, problem.slack);
                var window = new List<(int Item, int Seconds)>();
                var now = 0;
                foreach (var (item, gap, isAsked) in problem.events)
                {
                    now += gap;
                    cache.Append(item, now);
                    if (window.Count == problem.Options.MaxLength)
                    {
                        window.RemoveRange(0, problem.slack + 1);
                    }

                    window.Add((item, now));
                    Assert.That(cache.Count, Is.EqualTo(window.Count));
                    if (isAsked)
                    {
                        Compare(device, model, cache, window, now + gap);

                        // Asked again for another time, which the row that waits for it shows.
                        Compare(device, model, cache, window, now + 1_000_000);
                    }
                }
            },
            iter: 60,
            threads: 1);
    }

    [Test]
    public void Only_rows_that_wait_for_a_time_are_computed_again()
    {
        using var device = new CpuDevice(1);
        using var cache = Lively(device, new HstuOptions { ItemRows = ItemRows, MaxLength = 5, Width = 4, Dqk = 4, Dv = 4 }).NewCache(device, slack: 1);
        var known = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            cache.Append(i + 1, i);
            known.Add(cache.KnownRows);
            using var step = device.BeginStep();
            cache.Query(i);
        }

        Assert.That(known, Is.EqualTo(new[] { 0, 0, 1, 2, 3, 0, 3, 0 }),
            "rows that need no computing at each request: a full window begins anew with 4 events");
    }

    [Test]
    public void Its_memory_is_given_back()
    {
        using var device = new CpuDevice(1);
        var model = Lively(device, new HstuOptions { ItemRows = ItemRows, MaxLength = 10, Layers = 3, Width = 4, Heads = 2, Dqk = 5, Dv = 7 });
        var before = device.PersistentBytes;
        using (model.NewCache(device))
        {
            Assert.That(device.PersistentBytes - before, Is.EqualTo(3 * 10 * 2 * (5 + 7) * sizeof(float)));
        }

        Assert.That(device.PersistentBytes, Is.EqualTo(before));
    }

    [Test]
    public void What_cannot_be_is_said_in_a_line()
    {
        using var device = new CpuDevice(1);
        var model = Lively(device, new HstuOptions { ItemRows = ItemRows, MaxLength = 5, Width = 4, Dqk = 4, Dv = 4 });
        Assert.That(() => model.NewCache(device, 5), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("slack is 5")
            .And.Message.Contains("below the 5 events"));
        Assert.That(() => model.NewCache(device, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        using var cache = model.NewCache(device);
        Assert.That(() => cache.Query(0), Throws.InvalidOperationException.With.Message.Contains("no event yet"));
        cache.Append(3, 10);
        Assert.That(() => cache.Append(3, 9), Throws.ArgumentException.With.Message.Contains("an event at 9 s comes after one at 10 s"));
        Assert.That(() => cache.Query(9), Throws.ArgumentException.With.Message.Contains("asked for 9 s"));
    }

    /// <summary>Biases and weights large enough to be seen: those of a fresh model are close to nothing.</summary>
    private static Hstu Lively(CpuDevice device, HstuOptions options)
    {
        var model = new Hstu(device, options, seed: 5);
        foreach (var parameter in model.Parameters.Where(p => !p.Name.Contains("_embedding", StringComparison.Ordinal)))
        {
            var stream = new PhiloxStream(6, parameter.Name);
            device.Upload([.. Enumerable.Range(0, (int)parameter.Shape.Count).Select(_ => 0.5f * (float)stream.NextNormal())], parameter.Value);
        }

        return model;
    }

    private static void Compare(CpuDevice device, Hstu model, SequenceCache cache, List<(int Item, int Seconds)> window, int next)
    {
        using var step = device.BeginStep();
        var query = cache.Query(next).ToArray();
        var times = window.Select(e => e.Seconds).ToArray();
        var layout = model.NeedsTimes ? new JaggedLayout([0, window.Count], times, [.. times[1..], next]) : new JaggedLayout([0, window.Count]);
        var items = device.Upload([.. window.Select(e => e.Item)]);
        var whole = model.Encode(ForwardContext.Inference(device), new SequenceBatch(layout, items)).Value.SliceRows(window.Count - 1, 1).ToArray();

        // Rows have length 1: an error of 1e-5 is one of 1e-5 of the row.
        Assert.That(query.Zip(whole, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-5));
    }
}
