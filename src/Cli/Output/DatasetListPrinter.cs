using System.Globalization;
using System.Text.Json;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli.Output;

/// <summary>Prints the data sets that are known, for people, spreadsheets and programs.</summary>
internal static class DatasetListPrinter
{
    /// <param name="directory">Where they were looked for; null where nowhere.</param>
    public static void PrintTable(IReadOnlyList<DatasetRow> rows, string? directory)
    {
        var table = new TextTable(("name", false), ("users", true), ("items", true), ("events", true), ("terms", false), ("download", false), ("here", false));
        foreach (var row in rows)
        {
            table.Add(row.Name, Grouped(row.Users), Grouped(row.Items), Grouped(row.Events), row.Terms, row.Download is null ? "by hand" : "yes",
                row.Location is null ? "" : "yes");
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }

        if (directory is null)
        {
            ResultPrinter.PrintWrapped("No data directory is set (--data-dir DIR or LARGEREC_DATA): nobody looked which are here.");
            return;
        }

        ResultPrinter.PrintWrapped($"here: in {Path.GetFullPath(directory)}");
        foreach (var row in rows.Where(row => row.Location is not null))
        {
            ResultPrinter.PrintWrapped($"  {row.Name}: {Path.GetRelativePath(directory, row.Location!)}");
        }
    }

    public static void PrintCsv(IReadOnlyList<DatasetRow> rows)
    {
        Console.Write(CsvLine.Of("name", "title", "users", "items", "events", "terms", "terms_link", "home_page", "download", "bytes", "md5", "sha256",
            "location"));
        foreach (var row in rows)
        {
            Console.Write(CsvLine.Of(
                row.Name, row.Title, Exact(row.Users), Exact(row.Items), Exact(row.Events), row.Terms, row.TermsLink, row.HomePage, row.Download ?? "",
                Exact(row.Bytes),
                row.Md5 ?? "", row.Sha256 ?? "", row.Location ?? ""));
        }
    }

    public static void PrintJson(DatasetRow[] rows) => Console.WriteLine(JsonSerializer.Serialize(rows, ResultJson.Readable.DatasetRowArray));

    private static string Grouped(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static string Exact(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
