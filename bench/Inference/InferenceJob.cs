using System.Globalization;
using LargeRec.Engine.Cpu;

namespace LargeRec.Bench.Inference;

/// <summary>
/// Inference beside its floors, with ceilings measured in the same run: the next items of one user and of a batch out of a large catalogue (bytes of the table
/// over the memory's read ceiling, or operations over that of fused multiply-adds), and one more event of a known history beside encoding all of it again.
/// </summary>
internal static class InferenceJob
{
    public static int Run(string[] args)
    {
        var only = Option(args, "--only") ?? "";
        var items = Number(args, "--items", 1_000_000);
        var width = Number(args, "--columns", 64);
        var calls = Number(args, "--calls", 200);
        var most = Number(args, "--threads", 2);
        var bits = (SimdWidth)Number(args, "--width", (int)SimdWidths.Widest);
        for (var threads = 1; threads <= Math.Min(most, Environment.ProcessorCount); threads++)
        {
            using var device = new CpuDevice(threads, bits);
            Console.WriteLine($"{device.Name}");
            if ("ranking".Contains(only, StringComparison.Ordinal))
            {
                new CatalogueBench(device, items, width, calls).Run();
            }

            if ("encoder".Contains(only, StringComparison.Ordinal))
            {
                new EncoderBench(device, calls).Run();
            }
        }

        return 0;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        Option(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
