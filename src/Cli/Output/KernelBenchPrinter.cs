using System.Globalization;
using System.Text.Json;
using LargeRec.Engine.Gpu.Benchmarks;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli.Output;

/// <summary>Prints what kernels took, for people, spreadsheets and programs.</summary>
internal static class KernelBenchPrinter
{
    private const string Legend = "ms: forward, and backward where there is one. GFLOP/s and GB/s: what the shape cannot do without, whatever the variant does "
        + "beyond it. of ceiling: the least time by the device's ceilings over the time taken, and which ceiling that is.";

    public static void Print(KernelBenchDocument document, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                PrintCsv(document);
                break;
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(document, ResultJson.Readable.KernelBenchDocument));
                break;
            default:
                PrintTable(document);
                break;
        }
    }

    private static void PrintTable(KernelBenchDocument document)
    {
        ResultPrinter.PrintWrapped(document.Device);
        ResultPrinter.PrintWrapped(string.Create(CultureInfo.InvariantCulture,
            $"ceilings: {document.Ceilings.OperationsPerSecond / 1e9:N0} GFLOP/s (float32), {document.Ceilings.BytesPerSecond / 1e9:N1} GB/s (copy)"));
        foreach (var shape in document.Measurements.GroupBy(m => (m.Family, Shape: ShapeOf(m))))
        {
            Console.WriteLine();
            ResultPrinter.PrintWrapped($"{shape.Key.Family} {shape.Key.Shape}");
            var table = new TextTable(("variant", false), ("ms", true), ("GFLOP/s", true), ("GB/s", true), ("of ceiling", true), ("by", false),
                ("registers", true), ("spilled", true));
            foreach (var row in shape)
            {
                table.Add(row.Skipped is null
                    ? [row.Variant, Number(row.Milliseconds), Number(row.Gigaflops), Number(row.Gigabytes), $"{Number(100 * row.ShareOfCeiling)}%", row.Bound!,
                        Whole(row.Registers), Whole(row.SpilledBytes)]
                    : [row.Variant, "-", "-", "-", "-", "skipped", "", ""]);
            }

            foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
            {
                Console.WriteLine(line);
            }
        }

        Console.WriteLine();
        foreach (var why in document.Measurements.Select(m => m.Skipped).OfType<string>().Distinct())
        {
            ResultPrinter.PrintWrapped($"skipped: {why}");
        }

        ResultPrinter.PrintWrapped(Legend);
        ResultPrinter.PrintWrapped(document.Assembler is null ? "registers: there is no ptxas on the path" : $"registers: {document.Assembler}");
    }

    private static void PrintCsv(KernelBenchDocument document)
    {
        Console.Write(CsvLine.Of("device", "family", "variant", "shape", "milliseconds", "gigaflops", "gigabytes", "share_of_ceiling", "bound", "skipped",
            "registers", "spilled_bytes"));
        foreach (var row in document.Measurements)
        {
            Console.Write(CsvLine.Of(
                document.Device, row.Family, row.Variant, ShapeOf(row), Exact(row.Milliseconds), Exact(row.Gigaflops), Exact(row.Gigabytes),
                Exact(row.ShareOfCeiling), row.Bound ?? "", row.Skipped ?? "", Whole(row.Registers), Whole(row.SpilledBytes)));
        }
    }

    private static string ShapeOf(KernelMeasurement row) => string.Join(' ', row.Shape.Select(s => string.Create(CultureInfo.InvariantCulture,
        $"{s.Key}={s.Value}")));

    private static string Number(double value) => value.ToString(value < 10 ? "N2" : "N0", CultureInfo.InvariantCulture);

    private static string Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
