using System.CommandLine;
using System.Text.Json;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data inspect: a data set in numbers.</summary>
internal static class DataInspectCommand
{
    private const string Description = "Look at events: users, items, lengths, repeats, ties, entropy; with --split also what of the held-out events leaks.";

    private const string Examples = """
        largerec data inspect ml-1m --data-dir ~/data
        largerec data inspect events.csv --split temporal
        largerec data inspect events.csv --set data.k_core=5 --format json
        """;

    public static Command Create()
    {
        var choice = new DataChoice();
        var split = new Option<string?>("--split")
        {
            Description = "Check a split for leaks: published, validated, temporal, ratio or basket.",
            HelpName = "KIND",
        };
        var format = new Option<string?>("--format") { Description = "How results are written: table or json; table by default.", HelpName = "FORMAT" };
        var command = new ExampleCommand("inspect", Description, Examples) { split, format };
        choice.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var output = SharedOptions.FormatOf(parsed.GetValue(format));
            if (output == OutputFormat.Csv)
            {
                throw new UsageException("--format csv: data inspect writes table or json");
            }

            var kind = parsed.GetValue(split);
            var data = choice.Configuration(parsed, SharedOptions.Override("data.split", kind));
            using var progress = ProgressDisplay.Create();
            using var opened = choice.Open(parsed, data, choice.Cache(parsed), progress, cancellation);
            progress.Phase("counting");
            var sequences = opened.Sequences;
            var (entropy, users) = LempelZivEntropy.MeanOf(sequences);
            var document = new InspectionDocument
            {
                Name = sequences.Name,
                Statistics = SequenceStatistics.Of(sequences),
                LempelZivEntropy = entropy,
                LempelZivUsers = users,
                ApproximateEntropy = ApproximateEntropy.Of(sequences),
            };
            if (kind is not null)
            {
                progress.Phase($"checking split {kind}");
                var cut = DataSplit.Of(sequences, ExperimentData.SplitOf(data));
                document = document with { Split = cut.Notes, Leakage = LeakageCheck.Of(sequences, cut) };
            }

            progress.Dispose();
            if (output == OutputFormat.Json)
            {
                Console.WriteLine(JsonSerializer.Serialize(document, ResultJson.Readable.InspectionDocument));
            }
            else
            {
                InspectionPrinter.Print(document);
            }

            return Task.FromResult(document.Leakage is { IsClean: false } ? ExitCodes.Data : ExitCodes.Success);
        });
        return command;
    }
}
