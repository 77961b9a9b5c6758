using LargeRec.Data.Events;

namespace LargeRec.Data.Sources;

/// <summary>Opens the files of a source as tables.</summary>
internal static class SourceTables
{
    /// <summary>A delimited file; its first line must begin with these column names, where any are given.</summary>
    /// <exception cref="DataFormatException">It is empty or has another header.</exception>
    public static DelimitedReader OpenTable(this FileSource source, SourceFile file, DelimitedFormat format, params ReadOnlySpan<string> header)
    {
        var reader = new DelimitedReader(source.Open(file), source.DisplayName(file), format) { ExpectedBytes = file.IsPacked ? 0 : file.Length };
        try
        {
            reader.RequireHeader(header);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
