namespace LargeRec.Data.Events;

/// <summary>The columns of a publisher's table by their names, whatever their order.</summary>
internal sealed class TableHeader
{
    private readonly string _file;
    private readonly string[] _names;

    /// <summary>Reads the table's first row.</summary>
    public TableHeader(TableReader table)
    {
        _file = table.File;
        _names = table.ReadRow() ? table.GetTexts() : throw DataFile.Empty(table.File);
    }

    public int Count => _names.Length;

    /// <summary>The column of the first of these names that is there, without case.</summary>
    /// <exception cref="DataFormatException">None is there.</exception>
    public int Require(params ReadOnlySpan<string> names)
        => Find(names) is var column and >= 0
            ? column
            : throw new DataFormatException(_file, 1, $"there is no column {string.Join(" or ", names!)}", "is this the publisher's file? fetch it again");

    /// <summary>As <see cref="Require"/>, or -1.</summary>
    public int Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var column = Array.FindIndex(_names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (column >= 0)
            {
                return column;
            }
        }

        return -1;
    }
}
