using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Commands;

/// <summary>largerec recommend: what comes next, from a run's folder alone.</summary>
internal static class RecommendCommand
{
    private const string Description = "Recommend what comes next, for users of the data or any history, in the data's own ids. The run folder is enough: "
        + "the data are not needed.";

    private static readonly string[] ListKeys = ["inference.preselection", "evaluation.batch_size"];

    private const string Examples = """
        largerec recommend --run runs/ml-1m-hstu-1 --user 42
        largerec recommend --run runs/mine --user anna --user ben --top 5
        largerec recommend --run runs/mine --history "tea-1 tea-7" --top 3
        largerec recommend --run runs/mine --all-users --format csv --out top10.csv
        """;

    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "The run folder.", HelpName = "DIR", Required = true };
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "best, last or a step of the run, or a safetensors file.",
            HelpName = "WHICH|FILE",
            DefaultValueFactory = _ => WeightsChoice.Default,
        };
        var user = new Option<string[]>("--user")
        {
            Description = "A user of the data; may be repeated.",
            HelpName = "ID",
            AllowMultipleArgumentsPerToken = false
        };
        var all = new Option<bool>("--all-users") { Description = "Every user of the data." };
        var history = new Option<string?>("--history")
        {
            Description = "Items, oldest first, with spaces (or tabs, for ids with spaces) between them.",
            HelpName = "\"ID ID ...\""
        };
        var times = new Option<string?>("--history-times")
        { Description = "Their times, ISO or numbers; without them the data's median gap is assumed between events.", HelpName = "\"T T ...\"" };
        var skip = new Option<bool>("--skip-unknown") { Description = "Leave out items of --history that the training did not know." };
        var at = new Option<string?>("--at")
        { Description = "Time of the request, ISO or seconds or milliseconds; by default the last event plus the data's median gap.", HelpName = "TIME" };
        var top = new Option<int>("--top") { Description = "Items a list.", HelpName = "K", DefaultValueFactory = _ => 10, CustomParser = ParseTop };
        var include = new Option<bool>("--include-history") { Description = "Items of the history may come again." };
        var format = SharedOptions.Format();
        var output = new Option<string?>("--out") { Description = "Write to a file, whole or not at all, not to stdout.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace the file of --out where it is there." };
        var (set, threads, device, kernel) = (SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName(), SharedOptions.Kernel());
        var picks = SharedOptions.Picks();
        var command = new ExampleCommand("recommend", Description, Examples)
        {
            run, checkpoint, user, history, times, skip, all, at, top, include, format, output, force, set, device, kernel, picks, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (users, everybody, items) = (parsed.GetValue(user) ?? [], parsed.GetValue(all), parsed.GetValue(history));
            RequireOne(users, everybody, items, parsed.GetValue(times) is not null || parsed.GetValue(skip));
            var options = new RecommendationOptions
            {
                Count = parsed.GetValue(top),
                At = TimeOf("--at", parsed.GetValue(at)),
                IncludeHistory = parsed.GetValue(include)
            };
            var itemTimes = parsed.GetValue(times) is { } text ? Words(text).Select(word => TimeOf("--history-times", word)!.Value).ToArray() : null;
            var written = SharedOptions.FormatOf(parsed.GetValue(format));
            var file = parsed.GetValue(output);
            RequireFree(file, parsed.GetValue(force));
            var overrides = RequireAboutLists(parsed.GetValue(set) ?? []);
            var folder = RunFolder.Open(parsed.GetValue(run)!);
            var weights = WeightsChoice.Of(folder, parsed.GetValue(checkpoint)!);

            var kernelCache = SharedOptions.KernelCacheOf(null, none: false);
            using var opened = DeviceChoice.Open(parsed.GetValue(device)!, parsed.GetValue(threads), kernelCache, parsed.GetValue(kernel),
                picks: parsed.GetValue(picks));
            using var progress = ProgressDisplay.Create(sharesTerminal: file is null && StandardOutput.IsPipe);
            progress.Phase($"opening {folder.FolderPath}");
            RequirePreselection(folder, overrides, opened);
            using var recommender = Recommender.Open(folder, opened, weights, overrides);
            progress.Note(weights.Description);
            IEnumerable<UserRecommendations> lists;
            if (items is not null)
            {
                var events = recommender.HistoryOf(Words(items), itemTimes, options.At, parsed.GetValue(skip));
                foreach (var note in events.Notes)
                {
                    progress.Note(note);
                }

                lists = [recommender.Recommend(events, options)];
            }
            else
            {
                var count = everybody ? recommender.Sequences.UserCount : users.Length;
                var indices = everybody ? Enumerable.Range(0, count) : [.. users.Select(recommender.FindUser)];
                SayTime(progress, recommender, options);
                lists = recommender.Recommend(indices, options,
                    done => progress.Advanced(() => string.Create(CultureInfo.InvariantCulture, $"recommending: {done:N0} of {count:N0} users")), cancellation);
            }

            void Write(Stream stream)
            {
                switch (written)
                {
                    case OutputFormat.Csv:
                        RecommendationWriter.WriteCsv(stream, lists);
                        break;
                    case OutputFormat.Json:
                        RecommendationWriter.WriteJson(stream, lists);
                        break;
                    default:
                        using (var writer = new StreamWriter(stream, leaveOpen: true))
                        {
                            RecommendationPrinter.Print(writer, lists, progress.Pause);
                        }

                        break;
                }
            }

            if (file is not null)
            {
                AtomicFile.Write(file, Write);
                progress.Note($"written: {file}");
            }
            else
            {
                WriteToOutput(Write);
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void WriteToOutput(Action<Stream> write)
    {
        try
        {
            using var stdout = StandardOutput.Open();
            write(stdout);
        }
        catch (IOException exception) when (StandardOutput.IsClosed(exception))
        {
            // Whoever reads has enough, as head has: what it did not ask for is not computed.
        }
    }

    private static int ParseTop(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top >= 1)
        {
            return top;
        }

        result.AddError($"--top {text}: take a whole number from 1 up");
        return 0;
    }

    /// <summary>A run's model and data are settled: only what changes how lists are found may be set.</summary>
    private static string[] RequireAboutLists(string[] overrides) => overrides.FirstOrDefault(o => !ListKeys.Contains(o.Split('=')[0])) is { } other
        ? throw new UsageException($"--set {other}: recommend takes {string.Join(" and ", ListKeys)}; the rest is settled by the run")
        : overrides;

    private static void RequirePreselection(RunFolder folder, string[] overrides, Device device)
    {
        if (device is not CpuDevice && folder.ReadConfiguration(overrides).Inference.Preselection == PreselectionSetting.EightBits)
        {
            throw new UsageException($"inference.preselection=int8 is for the CPU; take --device cpu, or --set inference.preselection=none on '{device.Name}'");
        }
    }

    private static void RequireOne(string[] users, bool everybody, string? history, bool hasHistoryOptions)
    {
        var given = (users.Length > 0 ? 1 : 0) + (everybody ? 1 : 0) + (history is null ? 0 : 1);
        if (given != 1)
        {
            throw new UsageException($"recommend needs {(given == 0 ? "" : "only ")}one of --user ID, --history \"ID ID ...\" and --all-users");
        }

        if (history is null && hasHistoryOptions)
        {
            throw new UsageException("--history-times and --skip-unknown go with --history");
        }
    }

    private static void RequireFree(string? file, bool mayReplace)
    {
        if (file is null)
        {
            if (mayReplace)
            {
                throw new UsageException("--force goes with --out FILE");
            }

            return;
        }

        SharedOptions.RequireWritable("--out", file);
        if (File.Exists(file) && !mayReplace)
        {
            throw new UsageException($"--out {file}: the file is there already; --force replaces it");
        }
    }

    private static long? TimeOf(string option, string? text) => text is null ? null
        : EventTime.TryParse(text, out var milliseconds) ? milliseconds
        : throw new UsageException($"{option} {text}: take an ISO 8601 time such as 2024-05-01T12:30:00Z, or seconds or milliseconds since 1970");

    /// <summary>Ids divided by spaces; by tabs alone where there is a tab, for ids that have spaces in them.</summary>
    private static string[] Words(string text) =>
        text.Split(text.Contains('\t', StringComparison.Ordinal) ? '\t' : ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void SayTime(ProgressDisplay progress, Recommender recommender, RecommendationOptions options)
    {
        if (!recommender.Sequences.HasTimes)
        {
            if (options.At is not null)
            {
                progress.Note("note: the data have no times, so --at does not count");
            }

            return;
        }

        progress.Note(options.At is { } at
            ? $"time of the request: {EventTime.ToText(at)}"
            : $"time of the request: each user's last event plus {EventGaps.ToText(recommender.MedianGap)}, the median gap of the data");
    }
}
