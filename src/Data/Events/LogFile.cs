using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads a user's own file of events, whatever its format: CSV or TSV (plain, .gz, or the one table of a .zip or .tar.gz), Parquet, or the first
/// sheet of an .xlsx workbook, told apart by its content. Columns are recognised by their usual names, or mapped.
/// </summary>
public static class LogFile
{
    private static readonly string[] TableEndings = [".csv", ".tsv", ".txt", ".dat", ".inter", ".data"];

    /// <exception cref="DataFormatException">The file is not such a log: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(string path, DelimitedLogOptions? options = null, ReadingOptions? reading = null)
    {
        options ??= new DelimitedLogOptions();
        reading ??= new ReadingOptions();
        return FileKinds.Of(path) switch
        {
            FileKind.Zip or FileKind.Tar or FileKind.TarGzip => ReadArchive(path, options, reading),
            FileKind.Parquet => ReadTable(new ParquetTableReader(File.OpenRead(path), path), options, reading),
            FileKind.Xlsx => ReadTable(new XlsxTableReader(File.OpenRead(path), path), options, reading),
            _ => DelimitedLogReader.Read(path, options, reading),
        };
    }

    private static EventLog ReadTable(TableReader table, DelimitedLogOptions options, ReadingOptions reading)
    {
        using (table)
        {
            return TableLog.Read(table, options, reading);
        }
    }

    private static EventLog ReadArchive(string path, DelimitedLogOptions options, ReadingOptions reading)
    {
        var source = FileSource.OfArchive(path);
        var tables = source.Files.Where(IsTable).ToArray();
        if (tables is not [var table])
        {
            var found = tables.Length == 0 ? "no table" : $"{tables.Length} tables ({string.Join(", ", tables.Take(5).Select(t => t.Path))})";
            throw new DataFormatException(path, 0, $"the archive has {found} where one is expected",
                $"unpack it and name one file ({string.Join(", ", TableEndings)}, plain or .gz)");
        }

        return DelimitedLogReader.Read(() => source.Open(table), source.DisplayName(table), options, reading, table.IsPacked ? 0 : table.Length);
    }

    private static bool IsTable(SourceFile file)
    {
        var name = file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file.Name[..^3] : file.Name;
        return !name.StartsWith('.') && !name.StartsWith("README", StringComparison.OrdinalIgnoreCase)
            && TableEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
