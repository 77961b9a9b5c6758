using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Preparation;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Cli;

/// <summary>Options that several commands have, and what they stand for.</summary>
internal static class SharedOptions
{
    private const int MostThreads = 1024;

    private static readonly string[] Roles = ["user", "item", "time", "rating", "behaviour", "title"];

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };

    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = "Folder with the named data sets; without it the environment variable LARGEREC_DATA.",
        HelpName = "DIR",
    };

    public static Option<string?> CacheDirectory() => new("--cache-dir")
    {
        Description = "Folder that keeps prepared data and compiled kernels for the next time; by default largerec in the user's cache folder.",
        HelpName = "DIR",
    };

    public static Option<bool> NoCache() => new("--no-cache") { Description = "Read the data's own files, compile kernels anew, and keep nothing prepared." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Set a key of the configuration, e.g. --set model.layers=8; may be repeated.",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string[]> Columns() => new("--columns")
    {
        Description = "A file's columns for user, item, time, rating, behaviour or title where their names are unusual, or by number where it has no header, "
            + "e.g. --columns user=who,item=what; may be repeated.",
        HelpName = "ROLE=NAME,...",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<bool> SkipBadRows() => new("--skip-bad-rows")
    {
        Description = "Leave out rows that cannot be read, and say how many and why; without it the first is an error.",
    };

    public static Option<string?> TimeUnit() => new("--time-unit")
    {
        Description = "A file's times: s, ms or iso; without it guessed, and said.",
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

    public static Option<double?> Peak() => new("--peak")
    {
        Description = "The device's peak in GFLOP/s, for the utilisation in the summary; on the CPU it is measured.",
        HelpName = "GFLOPS",
    };

    /// <summary>Floating-point operations a second.</summary>
    /// <exception cref="UsageException">No device does so many.</exception>
    public static double? PeakOf(double? given) => given switch
    {
        null => null,
        > 0 and < 1e12 => given * 1e9,
        _ => throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--peak {given}: take the GFLOP/s that the device does at most, above 0")),
    };

    public static Option<string> DeviceName(string standard = "cpu") => new("--device")
    {
        Description = "Where to compute: cpu, opencl or cuda; with :WHICH, an index or part of a name, where there are several.",
        HelpName = "NAME",
        DefaultValueFactory = _ => standard,
    };

    public static Option<string[]> Kernel()
    {
        var option = new Option<string[]>("--kernel")
        {
            Description = "On a GPU device: take this variant of a family of kernels, e.g. --kernel hstu-attention=tiled; may be repeated (kernels "
                + "list shows them).",
            HelpName = "FAMILY=VARIANT",
            AllowMultipleArgumentsPerToken = false,
        };
        option.CompletionSources.Add([.. KernelFamilies.All.SelectMany(family => family.Variants.Select(variant => $"{family}={variant}"))]);
        return option;
    }

    public static Option<string?> Picks() => new("--picks")
    {
        Description = "On a GPU device: the variants that kernels bench --tune picked; by default the file that it keeps in the cache folder, if any.",
        HelpName = "FILE",
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

    /// <summary>The option, which a shell completes with these names besides files.</summary>
    public static Option<string?> Completed(this Option<string?> option, IEnumerable<string> names)
    {
        option.CompletionSources.Add([.. names]);
        return option;
    }

    /// <summary>Checks, before anything is computed, that a file can be written where an option says.</summary>
    /// <exception cref="UsageException">It is a folder, or the folder that it would lie in is not there.</exception>
    public static void RequireWritable(string option, string? file)
    {
        if (file is null)
        {
            return;
        }

        if (Directory.Exists(file))
        {
            throw new UsageException($"{option} {file}: this is a folder; name a file");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"{option} {file}: there is no folder {folder}");
        }
    }

    /// <summary>The folder named, or the environment's, or none.</summary>
    public static string? DataDirectoryOf(string? option) => option ?? Environment.GetEnvironmentVariable("LARGEREC_DATA");

    /// <summary>The cache in the folder named, or the user's; null where none is wanted or there is no home to have it.</summary>
    public static PreparedCache? CacheOf(string? folder, bool none)
    {
        if (none && folder is not null)
        {
            throw new UsageException($"--no-cache and --cache-dir {folder} do not go together");
        }

        return none ? null : (folder ?? PreparedCache.DefaultFolder) is { } place ? new PreparedCache(place) : null;
    }

    /// <summary>Where compiled kernels are kept: in the cache of the folder named, or in the user's; null where none is wanted or there is no home to have
    /// it.</summary>
    public static string? KernelCacheOf(string? folder, bool none) =>
        none ? null : (folder ?? PreparedCache.DefaultFolder) is { } place ? Path.Combine(place, "kernels") : null;

    /// <summary>The overrides that an option for one key stands for.</summary>
    public static IEnumerable<string> Override(string key, string? value) => value is null ? [] : [$"{key}={value}"];

    /// <summary>The overrides that ROLE=NAME,ROLE=NAME stand for; a comma that no role follows belongs to the name before it.</summary>
    public static IEnumerable<string> ColumnOverrides(string[]? columns)
    {
        var pairs = new List<string>();
        foreach (var part in (columns ?? []).SelectMany(given => given.Split(',').Select((text, index) => (Text: text, IsFirst: index == 0))))
        {
            if (part.IsFirst || part.Text.Contains('=', StringComparison.Ordinal))
            {
                pairs.Add(part.Text);
            }
            else
            {
                pairs[^1] += "," + part.Text;
            }
        }

        return pairs.Select(pair => $"data.columns.{RequireRole(pair.Trim())}");
    }

    private static string RequireRole(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var (role, roles) = (equals < 0 ? pair : pair[..equals].Trim(), string.Join(", ", Roles));
        return equals < 0 ? throw new UsageException($"--columns {pair}: write it as ROLE=NAME; the roles are {roles}")
            : Roles.Contains(role) ? pair
            : throw new UsageException($"--columns {pair}: there is no role '{role}'{NearestName.Question(role, Roles)} (the roles are {roles})");
    }

    /// <summary>The override that --skip-bad-rows stands for.</summary>
    public static IEnumerable<string> SkipOverride(bool skip) => skip ? ["data.skip_bad_rows=true"] : [];
}
