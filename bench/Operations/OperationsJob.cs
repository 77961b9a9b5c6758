using System.Diagnostics;
using LargeRec.Autograd;
using LargeRec.Bench.Ceilings;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;

namespace LargeRec.Bench.Operations;

/// <summary>
/// Every function of the published ML-1M step at its size, forward and backward, beside its floor: the larger of operations over the multiply-add ceiling and
/// bytes over the memory ceiling, both measured in the same run.
/// </summary>
internal static class OperationsJob
{
    private const int WarmUp = 3;

    public static int Run(string[] args)
    {
        var threads = Arguments.Number(args, "--threads", 2);
        var ceilings = MachineCeilings.Measure(threads);
        var (gigaflops, memory) = (ceilings.Gigaflops, ceilings.MemoryGigabytes);
        Console.WriteLine($"ceilings: {gigaflops:F0} GFLOP/s, {memory:F1} GB/s memory ({threads} threads)");
        Console.WriteLine($"{"function",-58} {"forward ms",10} {"floor",7} {"backward ms",11} {"floor",7}");
        using var device = new CpuDevice(threads);
        foreach (var operation in OperationCases.PublishedStep)
        {
            var (forward, backward) = Measure(operation, device);
            Console.WriteLine(
                $"{operation.Name,-58} {forward * 1e3,10:F2} {Floor(operation.Forward) * 1e3,7:F2} {backward * 1e3,11:F2} "
                + $"{Floor(operation.Backward) * 1e3,7:F2}");
        }

        return 0;

        double Floor(Cost cost) => Math.Max(cost.Operations / gigaflops, cost.Bytes / memory) / 1e9;
    }

    private static (double Forward, double Backward) Measure(OperationCase operation, CpuDevice device)
    {
        var variables = CaseRunner.Upload(operation, device);
        var (forward, backward) = (new List<double>(), new List<double>());
        for (var i = 0; i < 15 + WarmUp; i++)
        {
            using var step = device.BeginStep();
            var tape = new Tape(device);
            var start = Stopwatch.GetTimestamp();
            var output = operation.Run(tape, variables);
            var middle = Stopwatch.GetTimestamp();
            var upstream = device.Allocate(output.Shape);
            device.Pointwise.Fill(upstream, 1);
            var begin = Stopwatch.GetTimestamp();
            tape.Backward(output, upstream);
            var end = Stopwatch.GetTimestamp();
            if (i >= WarmUp)
            {
                forward.Add(Stopwatch.GetElapsedTime(start, middle).TotalSeconds);
                backward.Add(Stopwatch.GetElapsedTime(begin, end).TotalSeconds);
            }
        }

        CaseRunner.Release(operation, variables);
        return (Statistics.Median(forward), Statistics.Median(backward));
    }
}
