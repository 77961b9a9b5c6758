using System.Globalization;
using System.Text.Json;
using LargeRec.Data.Download;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Cli.Output;

/// <summary>Prints devices, and why some are not there, for people, spreadsheets and programs.</summary>
internal static class DeviceListPrinter
{
    public static void Print(DeviceKindRow[] kinds, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                PrintCsv(kinds);
                break;
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(kinds, ResultJson.Readable.DeviceKindRowArray));
                break;
            default:
                PrintTable(kinds);
                break;
        }
    }

    private static void PrintTable(DeviceKindRow[] kinds)
    {
        var table = new TextTable(("device", false), ("name", false), ("units", true), ("memory", true));
        foreach (var device in kinds.SelectMany(k => k.Devices))
        {
            table.Add(device.Device, device.Name, device.Units.ToString(CultureInfo.InvariantCulture),
                device.MemoryBytes is { } bytes ? ByteSize.Text(bytes) : "");
        }

        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
        foreach (var kind in kinds)
        {
            foreach (var device in kind.Devices)
            {
                ResultPrinter.PrintWrapped($"{device.Device}: {device.Details}{(device.Problem is { } why ? $"; cannot be taken: {why}" : "")}");
            }

            if (kind.Problem is { } problem)
            {
                ResultPrinter.PrintWrapped($"{kind.Kind}: none: {problem}");
            }
        }
    }

    private static void PrintCsv(DeviceKindRow[] kinds)
    {
        Console.Write(CsvLine.Of("kind", "device", "name", "details", "memory_bytes", "units", "problem"));
        foreach (var kind in kinds)
        {
            foreach (var device in kind.Devices)
            {
                Console.Write(CsvLine.Of(
                    kind.Kind, device.Device, device.Name, device.Details, device.MemoryBytes?.ToString(CultureInfo.InvariantCulture) ?? "",
                    device.Units.ToString(CultureInfo.InvariantCulture), device.Problem ?? ""));
            }

            if (kind.Problem is { } problem)
            {
                Console.Write(CsvLine.Of(kind.Kind, "", "", "", "", "", problem));
            }
        }
    }
}
