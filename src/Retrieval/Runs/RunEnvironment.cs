using System.Reflection;
using System.Runtime.InteropServices;

namespace LargeRec.Retrieval.Runs;

/// <summary>environment.json: what a run computed with. Bits are promised for one SIMD width, whatever the threads.</summary>
public sealed record RunEnvironment
{
    /// <summary>The version of LargeRec.</summary>
    public required string Version { get; init; }

    /// <summary>The commit it was built from; null where the build did not know.</summary>
    public required string? Commit { get; init; }

    /// <summary>The .NET runtime.</summary>
    public required string Runtime { get; init; }

    public required string OperatingSystem { get; init; }

    /// <summary>The processor's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The device, in its own words.</summary>
    public required string Device { get; init; }

    /// <summary>Bits of a CPU's vector; 0 for a device of another kind.</summary>
    public required int SimdWidth { get; init; }

    /// <summary>Threads of a CPU; 0 for a device of another kind.</summary>
    public required int Threads { get; init; }

    /// <summary>Variants of kernels that were forced or picked by tuning; null for a device's defaults, and for a CPU.</summary>
    public string? Kernels { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>This process's environment.</summary>
    public static RunEnvironment Detect(string device, int simdWidth, int threads, ulong seed)
    {
        var build = typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        var version = build?.InformationalVersion ?? "unknown";
        // The SDK appends the commit to the version of a build made from a checkout.
        var parts = version.Split('+', 2);
        return new RunEnvironment
        {
            Version = parts[0],
            Commit = parts.Length == 2 ? parts[1] : null,
            Runtime = RuntimeInformation.FrameworkDescription,
            OperatingSystem = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            Device = device,
            SimdWidth = simdWidth,
            Threads = threads,
            Seed = seed,
        };
    }

    /// <summary>Writes environment.json.</summary>
    public void Write(string path) => RunJson.Write(path, this, RunJson.Default.RunEnvironment);

    /// <summary>Reads environment.json.</summary>
    /// <exception cref="RunFolderException">It is missing or damaged.</exception>
    public static RunEnvironment Read(string path) => RunJson.Read(path, RunJson.Default.RunEnvironment);
}
