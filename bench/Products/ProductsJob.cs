using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LargeRec.Bench.Ceilings;
using LargeRec.Bench.Results;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Bench.Products;

/// <summary>Measures matrix products against OpenBLAS and against the ceiling of fused multiply-adds, in one run.</summary>
internal static unsafe class ProductsJob
{
    private const int Pairs = 9;

    /// <summary>OpenBLAS's threads keep asking for the processor this long after their last product (2^26 cycles of the time-stamp counter).</summary>
    private const int PeerRestMilliseconds = 35;

    public static int Run(string[] args)
    {
        var only = Arguments.Value(args, "--only") ?? "";
        var seconds = double.Parse(Arguments.Value(args, "--seconds") ?? "0.03", CultureInfo.InvariantCulture);
        var width = Arguments.Value(args, "--width") is { } bits ? (SimdWidth)int.Parse(bits, CultureInfo.InvariantCulture) : SimdWidths.Widest;
        var peer = !args.Contains("--alone") && OpenBlas.TryStart();
        Console.WriteLine(peer ? $"peer: OpenBLAS, {OpenBlas.CoreName()} kernels; ours: {(int)width} bits"
            : "OpenBLAS (libopenblas.so.0) is not used: ours alone");
        Console.WriteLine($"{"product",-16} {"rows x columns x depth",-22} {"",2} {"thr",3} {"ours",7} {"OpenBLAS",8} {"ratio",6} {"best",6} {"ceiling",7}");
        if (!ProductShape.All.Any(s => s.Name.Contains(only, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine($"bench products: no product has '{only}' in its name; there are "
                + $"{string.Join(", ", ProductShape.All.Select(s => s.Name))}");
            return 2;
        }

        var file = Arguments.Value(args, "--json");
        if (file is not null && (!peer || only.Length > 0))
        {
            Console.Error.WriteLine("bench products: --json keeps all shapes beside OpenBLAS; it goes neither with --only nor without the library "
                + "or with --alone");
            return 2;
        }

        var all = new List<ProductResult>();
        var most = Arguments.Number(args, "--threads", 2);
        for (var threads = 1; threads <= Math.Min(most, Environment.ProcessorCount); threads++)
        {
            var count = threads;
            var results = new List<ProductResult>();
            var circumstances = Measured.Now(["products", .. args], threads);
            using var pool = new WorkerPool(threads, width);
            using var engine = new MatrixProduct(pool);
            var ceiling = FmaCeiling.Measure(pool);
            Console.WriteLine($"fused multiply-add on {threads} thread(s): {ceiling:F1} GFLOP/s");
            foreach (var shape in ProductShape.All.Where(s => s.Name.Contains(only, StringComparison.Ordinal) && (count == 1 || !s.OneThreadOnly)))
            {
                var result = Measure(shape, engine, threads, seconds, ceiling, peer);
                results.Add(result);
                Console.WriteLine(
                    $"{result.Name,-16} {$"{result.Rows} x {result.Columns} x {result.Depth}",-22} {result.Transposes} {threads,3} {result.Gflops,7:F1} "
                    + $"{result.PeerGflops,8:F1} {result.Ratio,6:F2} {result.BestRatio,6:F2} {result.CeilingShare,7:P0}");
            }

            all.AddRange(results);
            var products = new ProductsResult(circumstances, peer ? $"OpenBLAS, {OpenBlas.CoreName()} kernels" : "none", ceiling, results);
            Console.WriteLine($"geometric mean of the ratios, {threads} thread(s): {products.GeometricMean:F2}; lowest {products.Lowest:F2}; of the best: "
                + $"{products.GeometricMeanOfBest:F2}");
            if (file is not null && MachineCeilings.AreOurs(ceiling, threads))
            {
                Measured.Keep(file, report => report.With(products));
            }
        }

        Console.WriteLine($"geometric mean of the ratios: {Math.Exp(all.Average(r => Math.Log(r.Ratio))):F2}");
        return 0;
    }

    private static ProductResult Measure(ProductShape shape, MatrixProduct engine, int threads, double seconds, double ceiling, bool peer)
    {
        var left = Numbers((long)shape.Rows * shape.Depth);
        var right = Numbers((long)shape.Depth * shape.Columns);
        var ours = Numbers((long)shape.Rows * shape.Columns);
        var theirs = Numbers((long)shape.Rows * shape.Columns);
        if (peer)
        {
            OpenBlas.SetThreads(threads);
        }

        var ourRun = () => RunOurs(shape, engine, left, right, ours);
        var peerRun = () => OpenBlas.Multiply(shape, left, right, theirs);

        // One thread is timed by its own clock: others who use the machine then disturb caches only. Two need the wall's.
        var threadTime = threads == 1 && ThreadClock.IsSupported;
        var ourTimes = new double[Pairs];
        var peerTimes = new double[Pairs];
        var ratios = new double[Pairs];
        var ourRepeats = Repeats(ourRun, seconds, threadTime);
        var peerRepeats = peer ? Repeats(peerRun, seconds, threadTime) : 0;
        for (var pair = 0; pair < Pairs; pair++)
        {
            if (threads > 1 && peer)
            {
                Thread.Sleep(PeerRestMilliseconds);
            }

            ourTimes[pair] = Time(ourRun, ourRepeats, threadTime);
            peerTimes[pair] = peer ? Time(peerRun, peerRepeats, threadTime) : ourTimes[pair];
            ratios[pair] = peerTimes[pair] / ourTimes[pair];
        }

        if (peer)
        {
            CheckSame(shape, ours, theirs);
        }

        NativeMemory.AlignedFree(left);
        NativeMemory.AlignedFree(right);
        NativeMemory.AlignedFree(ours);
        NativeMemory.AlignedFree(theirs);
        var gflops = shape.Operations / Statistics.Median(ourTimes) / 1e9;
        return new(
            shape.Name, shape.Rows, shape.Columns, shape.Depth, $"{(shape.TransposeLeft ? 't' : 'n')}{(shape.TransposeRight ? 't' : 'n')}",
            gflops, shape.Operations / Statistics.Median(peerTimes) / 1e9, Statistics.Median(ratios), peerTimes.Min() / ourTimes.Min(), gflops / ceiling);
    }

    private static void RunOurs(in ProductShape shape, MatrixProduct engine, float* left, float* right, float* result) =>
        engine.Run<Identity>(new MatrixProductArguments
        {
            Rows = shape.Rows,
            Columns = shape.Columns,
            Depth = shape.Depth,
            Left = left,
            LeftStride = shape.TransposeLeft ? shape.Rows : shape.Depth,
            TransposeLeft = shape.TransposeLeft,
            Right = right,
            RightStride = shape.TransposeRight ? shape.Depth : shape.Columns,
            TransposeRight = shape.TransposeRight,
            Result = result,
            ResultStride = shape.Columns,
        });

    /// <summary>How often to run for about some seconds; warms up on the way.</summary>
    private static int Repeats(Action run, double seconds, bool threadTime)
    {
        run();
        var once = Time(run, 3, threadTime);
        return Math.Max(1, (int)(seconds / once));
    }

    /// <summary>Seconds a run.</summary>
    private static double Time(Action run, int repeats, bool threadTime)
    {
        run();
        var start = threadTime ? ThreadClock.Seconds() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        for (var i = 0; i < repeats; i++)
        {
            run();
        }

        var end = threadTime ? ThreadClock.Seconds() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        return (end - start) / repeats;
    }

    private static float* Numbers(long count)
    {
        var numbers = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        var state = 12345u;
        for (long i = 0; i < count; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            numbers[i] = ((state >> 8) / 8388608f) - 1f;
        }

        return numbers;
    }

    /// <summary>A benchmark of a wrong product is worth nothing.</summary>
    private static void CheckSame(in ProductShape shape, float* ours, float* theirs)
    {
        var tolerance = 1e-5 * Math.Sqrt(shape.Depth) * 10;
        for (long i = 0; i < (long)shape.Rows * shape.Columns; i++)
        {
            if (!(Math.Abs(ours[i] - theirs[i]) <= tolerance))
            {
                throw new InvalidOperationException($"{shape.Name}: element {i} is {ours[i]} here and {theirs[i]} in OpenBLAS.");
            }
        }
    }
}
