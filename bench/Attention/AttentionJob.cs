using System.Diagnostics;
using System.Globalization;
using LargeRec.Bench.Ceilings;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Bench.Attention;

/// <summary>
/// Measures HSTU's attention with both biases, against the time that its products alone would take at the ceiling of fused multiply-adds in the same run.
/// Queries, keys and values are slices of one matrix, as in the layer. Times have the gaps of film ratings: ties, seconds, a few days.
/// </summary>
internal static class AttentionJob
{
    private const int Rounds = 9;

    /// <summary>Seconds between two events: a third of them ties, about ten runs of equal buckets in a row of 100.</summary>
    private static readonly int[] Gaps = [0, 0, 0, 0, 0, 0, 0, 11, 13, 15, 17, 20, 22, 27, 33, 42, 50, 70, 98, 678];

    public static int Run(string[] args)
    {
        var only = Arguments.Value(args, "--only") ?? "";
        var seconds = double.Parse(Arguments.Value(args, "--seconds") ?? "0.1", CultureInfo.InvariantCulture);
        var width = Arguments.Value(args, "--width") is { } bits ? (SimdWidth)int.Parse(bits, CultureInfo.InvariantCulture) : SimdWidths.Widest;
        var most = int.Parse(Arguments.Value(args, "--threads") ?? "2", CultureInfo.InvariantCulture);
        Console.WriteLine($"{"attention",-16} {"thr",3} {"runs ms",8} {"forward ms",10} {"floor",6} {"x",5} {"backward ms",11} {"floor",6} "
            + $"{"x",5} {"both x",6}");
        for (var threads = 1; threads <= Math.Min(most, Environment.ProcessorCount); threads++)
        {
            using var device = new CpuDevice(threads, width);
            var ceiling = FmaCeiling.Measure(device.Workers);
            Console.WriteLine($"fused multiply-add on {threads} thread(s): {ceiling:F1} GFLOP/s");
            var threadTime = threads == 1 && ThreadClock.IsSupported;
            foreach (var shape in AttentionShape.All.Where(s => s.Name.Contains(only, StringComparison.Ordinal)))
            {
                var (runs, forward, backward) = Measure(device, shape, seconds, threadTime);
                var (forwardFloor, backwardFloor) = (shape.Forward / ceiling / 1e6, shape.Backward / ceiling / 1e6);
                Console.WriteLine(
                    $"{shape.Name,-16} {threads,3} {runs,8:F2} {forward,10:F2} {forwardFloor,6:F2} {forward / forwardFloor,5:F2} "
                    + $"{backward,11:F2} {backwardFloor,6:F2} {backward / backwardFloor,5:F2} {(forward + backward) / (forwardFloor + backwardFloor),6:F2}");
            }
        }

        return 0;
    }

    /// <summary>Milliseconds, medians: of making the runs of equal time buckets (once a batch), of forward, of backward.</summary>
    private static (double Runs, double Forward, double Backward) Measure(CpuDevice device, AttentionShape shape, double seconds, bool threadTime)
    {
        using var step = device.BeginStep();
        var tokens = shape.Sequences * shape.Length;
        var columns = shape.Heads * shape.Width;
        var whole = Normal(device, "uvqk", tokens, 4 * columns);
        var dWhole = device.Allocate(Shape.Matrix(tokens, 4 * columns));
        var dOutput = Normal(device, "gradient", tokens, columns);
        var normalizer = shape.Length + 11;
        var position = Normal(device, "position", 1, (2 * normalizer) - 1);
        var time = Normal(device, "time", 1, TimeBuckets.Count);
        var output = device.Allocate(Shape.Matrix(tokens, columns));
        var inputs = new HstuAttentionInputs(Slice(whole, 2), Slice(whole, 3), Slice(whole, 1), shape.Heads, normalizer, position, time);
        var gradients = new HstuAttentionGradients(
            new(Slice(dWhole, 2), false), new(Slice(dWhole, 3), false), new(Slice(dWhole, 1), false),
            new(device.Allocate(position.Shape), false), new(device.Allocate(time.Shape), false));
        var layout = Layout(shape);

        var fresh = Medians(() => device.Attention.Hstu(inputs, Layout(shape), output), 0.05, threadTime);
        var known = Medians(() => Layout(shape), 0.01, threadTime);
        var forward = Medians(() => device.Attention.Hstu(inputs, layout, output), seconds, threadTime);
        var backward = Medians(() => device.Attention.HstuBackward(inputs, layout, dOutput, gradients), seconds, threadTime);
        return (fresh - known - forward, forward, backward);

        Tensor Slice(Tensor tensor, int part) => tensor.SliceColumns(part * columns, columns);
    }

    private static Tensor Normal(Device device, string name, int rows, int columns)
    {
        var stream = new PhiloxStream(5, name);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 0.3f * (float)stream.NextNormal();
        }

        return device.Upload(values, Shape.Matrix(rows, columns));
    }

    private static JaggedLayout Layout(AttentionShape shape)
    {
        var stream = new PhiloxStream(5, "times");
        var offsets = Enumerable.Range(0, shape.Sequences + 1).Select(b => b * shape.Length).ToArray();
        int[] events = new int[offsets[^1]], next = new int[offsets[^1]];
        for (var token = 0; token < events.Length; token++)
        {
            events[token] = token % shape.Length == 0 ? 0 : next[token - 1];
            var gap = stream.NextBelow(40) == 0 ? 60_000 << stream.NextBelow(7) : Gaps[stream.NextBelow(Gaps.Length)];
            next[token] = events[token] + gap;
        }

        return new(offsets, events, next);
    }

    private static double Medians(Action run, double seconds, bool threadTime)
    {
        run();
        run();
        var once = Time(run, 2, threadTime);
        var repeats = Math.Max(1, (int)(seconds / once));
        var times = Enumerable.Range(0, Rounds).Select(_ => Time(run, repeats, threadTime)).Order().ToArray();
        return times[Rounds / 2] * 1000;
    }

    /// <summary>Seconds a run; of the thread's own processor time if asked for, since other programs may be busy too.</summary>
    private static double Time(Action run, int repeats, bool threadTime)
    {
        var start = Now();
        for (var i = 0; i < repeats; i++)
        {
            run();
        }

        return (Now() - start) / repeats;

        double Now() => threadTime ? ThreadClock.Seconds() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }
}
