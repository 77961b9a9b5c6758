using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;
using LargeRec.Data.Events;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data list: the data sets that are known by name, and where they are.</summary>
internal static class DataListCommand
{
    private const string Description = "The data sets known by name: how large, under which terms, whether they are there, and whether they can be downloaded.";

    private const string Examples = """
        largerec data list
        largerec data list --data-dir ~/data --format json
        """;

    public static Command Create()
    {
        var (dataDirectory, format) = (SharedOptions.DataDirectory(), SharedOptions.Format());
        var command = new ExampleCommand("list", Description, Examples) { dataDirectory, format };
        command.SetAction(parsed =>
        {
            var directory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory));
            var given = SharedOptions.FormatOf(parsed.GetValue(format));
            var rows = PublishedDatasets.All.Select(d => RowOf(d, string.IsNullOrEmpty(directory) ? null : directory)).ToArray();
            switch (given)
            {
                case OutputFormat.Csv:
                    DatasetListPrinter.PrintCsv(rows);
                    break;
                case OutputFormat.Json:
                    DatasetListPrinter.PrintJson(rows);
                    break;
                default:
                    DatasetListPrinter.PrintTable(rows, string.IsNullOrEmpty(directory) ? null : directory);
                    break;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static DatasetRow RowOf(PublishedDataset dataset, string? directory) => new()
    {
        Name = dataset.Name,
        Title = dataset.Title,
        Users = dataset.Users,
        Items = dataset.Items,
        Events = dataset.Events,
        Terms = dataset.Terms.Summary,
        TermsLink = dataset.Terms.Link.ToString(),
        HomePage = dataset.HomePage.ToString(),
        Download = dataset.File?.Address.ToString(),
        Bytes = dataset.File?.Size,
        Md5 = dataset.File?.Md5,
        Sha256 = dataset.File?.Sha256,
        Citation = dataset.Citation,
        Location = directory is null ? null : Locate(dataset, directory),
    };

    /// <summary>What a reader would take, or else the folder that a download would find in its way.</summary>
    private static string? Locate(PublishedDataset dataset, string directory)
    {
        try
        {
            return DatasetCatalogue.Locate(dataset.Name, directory) ?? Downloader.Find(dataset, directory);
        }
        catch (DataFormatException)
        {
            // A damaged archive is no reason not to list the others; who reads it is told.
            return Downloader.Find(dataset, directory);
        }
    }
}
