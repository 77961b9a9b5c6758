using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Output;

namespace LargeRec.Cli;

/// <summary>Options that several commands have, and what they stand for.</summary>
internal static class SharedOptions
{
    private const int MostThreads = 1024;

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };

    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = "Folder with the named data sets; without it the environment variable LARGEREC_DATA.",
        HelpName = "DIR",
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Set a key of the configuration, e.g. --set model.layers=8; may be repeated.",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string[]> Columns() => new("--columns")
    {
        Description = "A CSV's column for user, item, time, rating, behaviour or title where its name is unusual, e.g. --columns user=who; may be repeated.",
        HelpName = "ROLE=NAME",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string?> TimeUnit() => new("--time-unit")
    {
        Description = "A CSV's times: s, ms or iso; without it guessed, and said.",
        HelpName = "UNIT",
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads that compute; by default one a core. Results do not depend on it.",
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads is >= 1 and <= MostThreads)
            {
                return threads;
            }

            result.AddError($"--threads {text}: take a number from 1 to {MostThreads}");
            return 0;
        },
    };

    public static Option<string> DeviceName() => new("--device")
    {
        Description = "Where to compute: cpu, opencl or opencl:WHICH (an index or part of a name).",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cpu",
    };

    public static Option<string?> Format() => new("--format")
    {
        Description = "How results are written: table, csv or json; table by default.",
        HelpName = "FORMAT",
    };

    /// <summary>The format named; the table where none is.</summary>
    /// <exception cref="UsageException">There is no such format.</exception>
    public static OutputFormat FormatOf(string? name) => name switch
    {
        null or "table" => OutputFormat.Table,
        "csv" => OutputFormat.Csv,
        "json" => OutputFormat.Json,
        _ => throw new UsageException($"--format {name}: take table, csv or json"),
    };

    /// <summary>The folder named, or the environment's, or none.</summary>
    public static string? DataDirectoryOf(string? option) => option ?? Environment.GetEnvironmentVariable("LARGEREC_DATA");

    /// <summary>The overrides that an option for one key stands for.</summary>
    public static IEnumerable<string> Override(string key, string? value) => value is null ? [] : [$"{key}={value}"];

    /// <summary>The overrides that ROLE=NAME stand for.</summary>
    public static IEnumerable<string> ColumnOverrides(string[]? columns) => (columns ?? []).Select(c => $"data.columns.{c}");
}
