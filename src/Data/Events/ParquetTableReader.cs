using Parquet;
using Parquet.Schema;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads a Parquet file by Parquet.Net, a row group at a time, and of each only the columns that are asked for. Values are given as text, as other
/// tables have them: integers and numbers as their shortest text, times as ISO 8601, missing values as the empty text. Nested columns are not seen.
/// </summary>
internal sealed class ParquetTableReader : TableReader
{
    // Rows of a group are claimed before they are read: a damaged file could claim any number.
    private const long MostRowsOfGroup = 1 << 26;

    private readonly Stream _stream;
    private readonly ParquetReader _parquet;
    private readonly DataField[] _fields;
    private readonly ParquetColumn?[] _columns;
    private ParquetRowGroupReader? _group;
    private int _groupsOpened;
    private int _rowOfGroup;
    private int _rowsOfGroup;

    /// <param name="stream">Seekable; disposed with the reader.</param>
    /// <param name="file">The name for error messages.</param>
    /// <exception cref="DataFormatException">It is no Parquet file, or a damaged one.</exception>
    public ParquetTableReader(Stream stream, string file)
        : base(file)
    {
        _stream = stream;
        try
        {
            _parquet = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
            _fields = [.. _parquet.Schema.Fields.OfType<DataField>().Where(field => !field.IsArray)];
            _columns = new ParquetColumn?[_fields.Length];
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }
    }

    public override int FieldCount => _fields.Length;

    internal override string[] ColumnNames => Array.ConvertAll(_fields, column => column.Name);

    internal override string LineWord => "row";

    public override ReadOnlySpan<byte> this[int field] => (_columns[field] ??= Load(_fields[field])).GetText(_rowOfGroup);

    private protected override bool ReadNextRow()
    {
        Line++;
        _rowOfGroup++;
        while (_rowOfGroup >= _rowsOfGroup)
        {
            if (!NextGroup())
            {
                return false;
            }
        }

        return true;
    }

    private protected override void Dispose(bool disposing)
    {
        _group?.Dispose();
        _parquet.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    // The library throws what its parts throw: all of it is about the file, as nothing else goes in.
    private static bool IsOfTheFile(Exception fault) => fault is not (OutOfMemoryException or OperationCanceledException or DataFormatException);

    private bool NextGroup()
    {
        Array.Clear(_columns);
        _group?.Dispose();
        _group = null;
        if (_groupsOpened == _parquet.RowGroupCount)
        {
            return false;
        }

        try
        {
            _group = _parquet.OpenRowGroupReader(_groupsOpened++);
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }

        if (_group.RowCount is < 0 or > MostRowsOfGroup)
        {
            throw new DataFormatException(File, 0, $"a row group claims {_group.RowCount} rows; at most {MostRowsOfGroup} are read",
                "write the file with smaller row groups");
        }

        (_rowOfGroup, _rowsOfGroup) = (0, (int)_group.RowCount);
        return true;
    }

    private ParquetColumn Load(DataField field)
    {
        try
        {
            return ParquetColumn.Load(_group!, field, _rowsOfGroup)
                ?? throw new DataFormatException(File, 0, $"column '{field.Name}' is of the type {field.ClrType.Name}, which is no id, number, time or text",
                    "map another column");
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }
    }

    private DataFormatException Damaged(Exception fault) => new(File, 0, "the Parquet file is cut or damaged", "fetch or write it again", fault);
}
