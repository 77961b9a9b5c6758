using System.Globalization;
using System.Runtime.InteropServices;
using LargeRec.Bench.Results;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Bench;

/// <summary>This machine and this moment, and the file that keeps what was measured there and then.</summary>
internal static class Measured
{
    /// <summary>To be asked before the measuring, which is a load itself.</summary>
    public static Circumstances Now(string[] command, int threads)
    {
        var environment = RunEnvironment.Detect("", 0, threads, 0);
        return new Circumstances(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            $"dotnet run -c Release --project bench -- {string.Join(' ', command)}",
            threads,
            environment.Commit is { Length: > 10 } commit ? commit[..10] : environment.Commit,
            environment.Runtime,
            Load());
    }

    /// <summary>Puts a result into a file of bench/results, which is made where there is none.</summary>
    public static void Keep(string? path, Func<MachineReport, MachineReport> with)
    {
        if (path is not null)
        {
            var report = File.Exists(path) ? MachineReport.Read(path) : new MachineReport(Machine(), [], []);
            with(report).Write(path);
        }
    }

    private static MachineDescription Machine() => new(
        Lines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1]
        .Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        (int)SimdWidths.Widest,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30)),
        RuntimeInformation.OSDescription);

    private static double? Load() =>
        Lines("/proc/loadavg").FirstOrDefault() is { } line ? double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) : null;

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
