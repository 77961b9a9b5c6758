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
        var only = Arguments.Value(args, "--only") ?? "";
        var items = Arguments.Number(args, "--items", 1_000_000);
        var width = Arguments.Number(args, "--columns", 64);
        var calls = Arguments.Number(args, "--calls", 200);
        var most = Arguments.Number(args, "--threads", 2);
        var bits = (SimdWidth)Arguments.Number(args, "--width", (int)SimdWidths.Widest);
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
}
