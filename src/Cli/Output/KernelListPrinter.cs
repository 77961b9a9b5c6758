using System.Globalization;
using System.Text.Json;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli.Output;

/// <summary>Prints the kernels and the state of their checks, for people, spreadsheets and programs.</summary>
internal static class KernelListPrinter
{
    private const string Legend =
        "Checks of the present text, as recorded by the tests: pocl: PoCL runs it, against float64; ptx: the interpreter of PTX does; race: oclgrind "
            + "sees no race, "
        + "access out of bounds or uninitialised read; text: lint, and the accepted copies; host: the CUDA host path with a driver that stands in.";

    public static void Print(KernelRow[] rows, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                PrintCsv(rows);
                break;
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(rows, ResultJson.Readable.KernelRowArray));
                break;
            default:
                PrintTable(rows);
                break;
        }
    }

    /// <summary>A check's name in the lists.</summary>
    public static string NameOf(KernelCheck check) => check switch
    {
        KernelCheck.Pocl => "pocl",
        KernelCheck.Interpreter => "ptx",
        KernelCheck.Oclgrind => "race",
        KernelCheck.Texts => "text",
        _ => "host",
    };

    private static void PrintTable(KernelRow[] rows)
    {
        string[] checks = [.. Enum.GetValues<KernelCheck>().Select(NameOf)];
        var table = new TextTable([("kernel", false), ("variant", false), ("group", true), ("on", false), .. checks.Select(c => (c, false))]);
        foreach (var family in rows.GroupBy(r => r.Family))
        {
            table.Add([family.Key, .. Enumerable.Repeat("", checks.Length + 3)]);
            foreach (var row in family)
            {
                var targets = row.Targets.Length == Enum.GetValues<Engine.Gpu.Images.KernelTarget>().Length ? "all" : string.Join(' ', row.Targets);
                var operation = row.Kernel[(family.Key.Length + 1)..^(row.Variant.Length + 1)];
                table.Add([$"  {operation}", row.Variant, row.GroupSize.ToString(CultureInfo.InvariantCulture), targets,
                    .. checks.Select(c => MarkOf(row.Checks[c]))]);
            }
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
        ResultPrinter.PrintWrapped(Legend);
        ResultPrinter.PrintWrapped("old: passed with another text, not checked since; -: not checked.");
        foreach (var check in checks)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{check}: {rows.Count(r => r.Checks[check] == CheckState.Passed)} of {rows.Length}"));
        }
    }

    private static void PrintCsv(KernelRow[] rows)
    {
        string[] checks = [.. Enum.GetValues<KernelCheck>().Select(NameOf)];
        Console.Write(CsvLine.Of(["kernel", "family", "variant", "group_size", "targets", .. checks]));
        foreach (var row in rows)
        {
            Console.Write(CsvLine.Of([
                row.Kernel, row.Family, row.Variant, row.GroupSize.ToString(CultureInfo.InvariantCulture), string.Join(' ', row.Targets),
                .. checks.Select(c => row.Checks[c].ToString().ToLowerInvariant())]));
        }
    }

    private static string MarkOf(CheckState state) => state switch
    {
        CheckState.Passed => "yes",
        CheckState.Changed => "old",
        _ => "-",
    };
}
