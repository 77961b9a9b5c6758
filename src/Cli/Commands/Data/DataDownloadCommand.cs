using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data download: a public data set from its publisher into the data directory.</summary>
internal static class DataDownloadCommand
{
    private const string Description =
        "Fetch a public data set from its publisher: shows the terms and asks, goes on where an earlier try ended, verifies, unpacks.";

    private const string Examples = """
        largerec data download ml-1m --data-dir ~/data
        largerec data download ml-20m --accept-terms
        largerec data download ml-1m --from ~/Downloads/ml-1m.zip
        """;

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The data set; largerec data list shows them.", HelpName = "NAME" };
        name.CompletionSources.Add(_ => PublishedDatasets.All.Select(d => new System.CommandLine.Completions.CompletionItem(d.Name)));
        var dataDirectory = SharedOptions.DataDirectory();
        var accept = new Option<bool>("--accept-terms") { Description = "Agree to the publisher's terms without being asked." };
        var keep = new Option<bool>("--keep-archive") { Description = "Leave the publisher's archive in the data directory beside what was unpacked." };
        var from = new Option<string?>("--from")
        {
            Description = "Take the file from a mirror, or one fetched by hand; it is verified the same way.",
            HelpName = "URL|FILE"
        };
        var command = new ExampleCommand("download", Description, Examples) { name, dataDirectory, accept, keep, from };
        command.SetAction(async (parsed, cancellation) =>
        {
            var dataset = Find(parsed.GetValue(name)!);
            var directory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory));
            if (string.IsNullOrEmpty(directory))
            {
                throw new UsageException("data download needs a data directory: give --data-dir DIR or set the environment variable LARGEREC_DATA");
            }

            var options = new DownloadOptions
            {
                From = parsed.GetValue(from),
                KeepArchive = parsed.GetValue(keep),
            };
            if (Downloader.Find(dataset, directory) is { } there)
            {
                SayThere(dataset, there);
                return ExitCodes.Success;
            }

            if (dataset.File is null && options.From is null)
            {
                throw new UsageException($"{dataset.Name} has to be fetched by hand: get it at {dataset.HomePage}, then largerec data download "
                    + $"{dataset.Name} --from FILE");
            }

            await TermsPrompt.RequireAsync(dataset, parsed.GetValue(accept), cancellation).ConfigureAwait(false);
            DownloadResult result;
            using (var progress = ProgressDisplay.Create())
            using (var downloader = new Downloader(options))
            {
                result = await downloader.DownloadAsync(dataset, directory, new DownloadDisplay(progress), cancellation).ConfigureAwait(false);
            }

            if (result.WasThere)
            {
                SayThere(dataset, result.Folder);
            }
            else
            {
                Say(dataset, result);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static PublishedDataset Find(string name)
    {
        if (PublishedDatasets.Find(name) is { } dataset)
        {
            return dataset;
        }

        var names = PublishedDatasets.All.Select(d => d.Name).ToArray();
        throw new UsageException($"there is no data set '{name}' to download{NearestName.Question(name, names)} (there are {string.Join(", ", names)})");
    }

    private static void SayThere(PublishedDataset dataset, string folder) =>
        Console.WriteLine($"{dataset.Name} is there already: {folder}; remove the folder to download it again");

    private static void Say(PublishedDataset dataset, DownloadResult result)
    {
        Console.WriteLine($"{dataset.Name} is in {result.Folder} ({(result.Files == 1 ? "1 file" : $"{result.Files} files")}, {ByteSize.Text(result.Bytes)})");
        ResultPrinter.PrintWrapped(result.Verification);
        if (result.Archive is { } archive)
        {
            Console.WriteLine($"its archive is {archive}");
        }

        ResultPrinter.PrintWrapped($"please cite: {dataset.Citation}");
    }
}
