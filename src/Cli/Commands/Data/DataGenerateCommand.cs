using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Storage;
using LargeRec.Data.Synthetic;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data generate: made-up events of any size, in a layout of choice.</summary>
internal static class DataGenerateCommand
{
    private const string Description = "Make up events of any size, with drifting interests, series, sessions and a power law of popularity; the same seed "
        + "gives the same events.";

    private const string Examples = """
        largerec data generate --users 5000 --items 2000 --out events.csv
        largerec data generate --format ml-20m --out big
        largerec data generate --users 5000 --events 200000 --out events.lrd --format prepared
        """;

    /// <summary>MovieLens 20M's users, items, events and lengths.</summary>
    private static readonly GeneratorOptions MovieLens20M = new() { Users = 138_493, Items = 26_744, MinEvents = 20, MaxEvents = 9_254, EventsSpread = 1.2 };

    private const long MovieLens20MEvents = 20_000_263;

    public static Command Create()
    {
        var format = new Option<string>("--format")
        {
            Description = "csv, ml-20m (a folder with ratings.csv and movies.csv, by default as large as MovieLens 20M) or prepared.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "csv",
        };
        var users = new Option<int?>("--users") { Description = "Users; 2000 by default.", HelpName = "N" };
        var items = new Option<int?>("--items") { Description = "Items, at least 20; 1000 by default.", HelpName = "N" };
        var events = new Option<long?>("--events") { Description = "Events, about so many; without it about 50 a user.", HelpName = "N" };
        var seed = new Option<ulong?>("--seed") { Description = "Chooses the events; 1 by default.", HelpName = "N" };
        var output = new Option<string>("--out") { Description = "The file to write, or the folder for ml-20m.", HelpName = "PATH", Required = true };
        var command = new ExampleCommand("generate", Description, Examples) { format, users, items, events, seed, output };
        command.SetAction((parsed, cancellation) =>
        {
            var layout = parsed.GetValue(format)!;
            var path = parsed.GetValue(output)!;
            RequireWritable(layout, path);
            var options = Options(layout, parsed.GetValue(users), parsed.GetValue(items), parsed.GetValue(events), parsed.GetValue(seed));
            using var progress = ProgressDisplay.Create();
            progress.Phase("generating");
            var log = GeneratedLog.Generate(options, new EventsMade(progress), cancellation);
            progress.Phase($"writing {path}");
            switch (layout)
            {
                case "csv":
                    AtomicFile.Write(path, stream => EventLogWriter.WriteCsv(log, stream));
                    break;
                case "prepared":
                    PreparedFile.Write(path, InteractionSequences.From(log), cancellation: cancellation);
                    break;
                default:
                    MovieLensWriter.Write(log, path, cancellation: cancellation);
                    break;
            }

            progress.Dispose();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path}: {log.UserIds.Count:N0} users, {log.Catalogue.Candidates.Length:N0} items, {log.Count:N0} events, "
                + $"seed {options.Seed}"));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static GeneratorOptions Options(string layout, int? users, int? items, long? events, ulong? seed)
    {
        var usual = layout == "ml-20m" ? MovieLens20M : new GeneratorOptions();
        var options = usual with { Users = users ?? usual.Users, Items = items ?? usual.Items, Seed = seed ?? usual.Seed };
        events ??= layout == "ml-20m" ? MovieLens20MEvents * options.Users / MovieLens20M.Users : null;
        if (events is { } wanted && layout != "ml-20m")
        {
            // Users with far more events than the mean there are in any log; the bounds go with it.
            var mean = (double)wanted / Math.Max(1, options.Users);
            options = options with { MinEvents = (int)Math.Clamp(mean / 3, 1, 5), MaxEvents = (int)Math.Clamp(20 * mean, 200, 1_000_000) };
        }

        try
        {
            options.Validate();
            return events is null ? options : options.WithEvents(events.Value);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static void RequireWritable(string layout, string path)
    {
        if (layout is not ("csv" or "ml-20m" or "prepared"))
        {
            throw new UsageException($"--format {layout}: take csv, ml-20m or prepared");
        }

        if (layout == "ml-20m" && (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())))
        {
            throw new UsageException($"--out {path}: name a folder that is new or empty");
        }

        if (layout != "ml-20m" && Directory.Exists(path))
        {
            throw new UsageException($"--out {path}: this is a folder; name a file in it");
        }
    }
}
