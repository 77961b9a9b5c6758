using System.CommandLine;
using LargeRec.Engine.Cpu;

namespace LargeRec.Cli;

/// <summary>Options that several commands have, and what they stand for.</summary>
internal static class SharedOptions
{
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };

    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = "Folder that has the data sets as sub-folders; without it the environment variable LARGEREC_DATA.",
        HelpName = "DIR",
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Override one key of the configuration, e.g. --set model.layers=8; may be repeated.",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads that compute; by default one a core. Results do not depend on it.",
        HelpName = "N",
    };

    public static Option<string> DeviceName() => new("--device")
    {
        Description = "Where to compute: cpu.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cpu",
    };

    /// <summary>The folder named, or the environment's, or none.</summary>
    public static string? DataDirectoryOf(string? option) => option ?? Environment.GetEnvironmentVariable("LARGEREC_DATA");

    /// <summary>The device asked for.</summary>
    /// <exception cref="UsageException">There is no such device in this version, or the number of threads is impossible.</exception>
    public static CpuDevice OpenDevice(string name, int threads)
    {
        if (name != "cpu")
        {
            throw new UsageException($"--device {name}: this version has the device cpu only");
        }

        return threads is >= 0 and <= 1024 ? new CpuDevice(threads) : throw new UsageException($"--threads {threads}: take a number from 1 to 1024");
    }
}
