using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LargeRec.Bench.Ceilings;
using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Models.Backbones;
using LargeRec.Training;

namespace LargeRec.Bench.Step;

/// <summary>
/// One training step at the published ML-1M setting (128 sequences of 200, D 50, 128 negatives, dropout 0.2, AdamW) beside its floor, computed from ceilings
/// measured in the same run, and beside a peer's program where one is given: the two alternate, and the median of the pairwise ratios counts.
/// </summary>
internal static class StepJob
{
    private const int Sequences = 128;
    private const int WarmUp = 4;

    public static int Run(string[] args)
    {
        var blocks = int.Parse(Argument(args, "--blocks") ?? "2", CultureInfo.InvariantCulture);
        var length = int.Parse(Argument(args, "--length") ?? "200", CultureInfo.InvariantCulture);
        var steps = int.Parse(Argument(args, "--steps") ?? "12", CultureInfo.InvariantCulture);
        var threads = int.Parse(Argument(args, "--threads") ?? "2", CultureInfo.InvariantCulture);
        var pairs = int.Parse(Argument(args, "--pairs") ?? "5", CultureInfo.InvariantCulture);
        var peer = Argument(args, "--peer");
        var options = new HstuOptions { ItemRows = 3953, MaxLength = length, Layers = blocks };
        var lengths = Enumerable.Repeat(length, Sequences).ToArray();

        double gigaflops, memory, cache;
        using (var pool = new WorkerPool(threads, SimdWidths.Widest))
        {
            gigaflops = FmaCeiling.Measure(pool);
            memory = ReadCeiling.Measure(pool, 128L << 20);
            cache = ReadCeiling.Measure(pool, 512L << 10);
        }

        var floor = StepFloor.Of(options, lengths, negatives: 128);
        using var device = new CpuDevice(threads);
        var trainer = PublishedStep.NewTrainer(device, options);
        var batch = PublishedStep.Batch(lengths, seed: 7);
        for (var i = 0; i < WarmUp; i++)
        {
            trainer.TrainOn(batch);
        }

        var heldAtStart = device.HeldBytes;
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var pair = 0; pair < (peer is null ? 1 : pairs); pair++)
        {
            var seconds = Measure(trainer, batch, steps);
            ours.Add(seconds);
            if (peer is not null)
            {
                theirs.Add(RunPeer(peer));
                ratios.Add(theirs[^1] / seconds);
                Console.Error.WriteLine($"pair {pair + 1}: ours {seconds:F4} s, peer {theirs[^1]:F4} s, ratio {ratios[^1]:F2}");
            }
        }

        var allocated = AllocatedByOneStep(trainer, batch);
        var (atFloor, overlapped) = (floor.Seconds(gigaflops, memory, cache), floor.OverlappedSeconds(gigaflops, memory, cache));
        var step = Median(ours);
        Console.WriteLine($"ceilings: {gigaflops:F0} GFLOP/s, {memory:F1} GB/s memory, {cache:F0} GB/s cache ({threads} threads)");
        Console.WriteLine($"floor: {floor.Flops / 1e9:F2} GFLOP, {floor.MemoryBytes / 1e9:F2} GB memory, {floor.CacheBytes / 1e9:F2} GB cache: {atFloor:F4} s one after the other, {overlapped:F4} s at once");
        Console.WriteLine($"step: {step:F4} s ({blocks} blocks, {Sequences} x {length}), {step / atFloor:F2} and {step / overlapped:F2} times these floors");
        Console.WriteLine($"memory: device {device.HeldBytes / 1e6:F0} MB ({(device.HeldBytes == heldAtStart ? "constant" : "changed")}), process peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB, managed allocation a step {allocated / 1024.0:F1} KiB");
        if (peer is not null)
        {
            Console.WriteLine($"peer: {Median(theirs):F4} s ({peer}); median paired ratio {Median(ratios):F2}");
        }

        return 0;
    }

    private static double Measure(Trainer trainer, JaggedBatch batch, int steps)
    {
        var seconds = new List<double>();
        for (var i = 0; i < steps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            trainer.TrainOn(batch);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Median(seconds);
    }

    private static long AllocatedByOneStep(Trainer trainer, JaggedBatch batch)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        trainer.TrainOn(batch);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    /// <summary>Runs a peer's command; its last line is a JSON object with median_seconds.</summary>
    private static double RunPeer(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the peer '{command}' ended with {process.ExitCode}");
        }

        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("median_seconds").GetDouble();
    }

    private static string? Argument(string[] args, string name) =>
        Array.IndexOf(args, name) is var i && i >= 0 && i + 1 < args.Length ? args[i + 1] : null;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
