using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;

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
        var dataDirectory = SharedOptions.DataDirectory();
        var format = new Option<string>("--format") { Description = "table or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        format.CompletionSources.Add("table", "json");
        var command = new ExampleCommand("list", Description, Examples) { dataDirectory, format };
        command.SetAction(parsed =>
        {
            var directory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory));
            var rows = PublishedDatasets.All.Select(d => RowOf(d, directory)).ToArray();
            switch (parsed.GetValue(format))
            {
                case "table":
                    PrintTable(rows, directory);
                    break;
                case "json":
                    Console.WriteLine(JsonSerializer.Serialize(rows, DataJson.Readable.DatasetRowArray));
                    break;
                case var other:
                    throw new UsageException($"--format {other}: take table or json");
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
        Folder = string.IsNullOrEmpty(directory) ? null : Downloader.Find(dataset, directory),
    };

    private static void PrintTable(DatasetRow[] rows, string? directory)
    {
        var table = new TextTable(("name", false), ("users", true), ("items", true), ("events", true), ("terms", false), ("download", false), ("here", false));
        foreach (var row in rows)
        {
            table.Add(row.Name, Number(row.Users), Number(row.Items), Number(row.Events), row.Terms, row.Download is null ? "by hand" : "yes", row.Folder is null ? "" : "yes");
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(string.IsNullOrEmpty(directory)
            ? "No data directory is set (--data-dir DIR or LARGEREC_DATA), so none was looked for."
            : $"\"here\" is {Path.GetFullPath(directory)}, with a folder for each.");
    }

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
