using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data prepare: reads, sorts and filters once, for every later command.</summary>
internal static class DataPrepareCommand
{
    private const string Description = "Read, filter and sort events once, into the cache or a file that --data takes like any other.";

    private const string Examples = """
        largerec data prepare ml-1m --data-dir ~/data
        largerec data prepare events.csv --set data.k_core=5 --out events.lrd
        largerec train --data events.lrd
        """;

    public static Command Create()
    {
        var choice = new DataChoice();
        var output = new Option<string?>("--out") { Description = "Write a prepared file here instead of the cache.", HelpName = "FILE" };
        var command = new ExampleCommand("prepare", Description, Examples) { output };
        choice.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var data = choice.Configuration(parsed);
            var path = parsed.GetValue(output);
            var cache = choice.Cache(parsed);
            if (path is null && (cache is null || data.Name == DataConfiguration.Synthetic))
            {
                throw new UsageException(cache is null ? "data prepare needs the cache or --out FILE"
                    : "generated data are not kept in the cache; say --out FILE");
            }

            using var progress = ProgressDisplay.Create();
            using var opened = choice.Open(parsed, data, path is null ? cache : null, progress, cancellation);
            var sequences = opened.Sequences;
            if (path is not null)
            {
                progress.Phase($"writing {path}");
                PreparedFile.Write(path, sequences, cancellation: cancellation);
            }

            progress.Dispose();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{OneLine.Of(sequences.Name)}: {sequences.UserCount:N0} users, {sequences.Catalogue.Candidates.Length:N0} candidates, "
                + $"{sequences.EventCount:N0} events"));
            if (path is not null)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"prepared file: {path} ({new FileInfo(path).Length / 1e6:F1} MB)"));
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
