using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace LargeRec.Data.Events;

/// <summary>Reads the sheets of an Excel workbook (.xlsx), one after another, by ExcelDataReader: numbers as their shortest text, dates as ISO 8601.</summary>
internal sealed class XlsxTableReader : TableReader
{
    private readonly Stream _stream;
    private readonly IExcelDataReader _workbook;
    private readonly GrowableColumn<byte> _row = new();
    private readonly GrowableColumn<int> _ends = new();
    private int _fields;

    /// <param name="stream">Seekable; disposed with the reader.</param>
    /// <param name="file">The name for error messages.</param>
    /// <exception cref="DataFormatException">It is no workbook, or a damaged one.</exception>
    public XlsxTableReader(Stream stream, string file)
        : base(file)
    {
        _stream = stream;

        // The library asks for the encoding of old .xls files even where it never uses it.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            _workbook = ExcelReaderFactory.CreateOpenXmlReader(stream);
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }
    }

    /// <summary>The current sheet's name.</summary>
    public string Sheet => _workbook.Name;

    public override int FieldCount => _fields;

    internal override string LineWord => $"sheet '{Sheet}', row";

    public override ReadOnlySpan<byte> this[int field] => _row.Span[(field == 0 ? 0 : _ends.Span[field - 1]).._ends.Span[field]];

    /// <summary>Goes to the next sheet, before its first row; false after the last.</summary>
    public bool NextSheet()
    {
        Line = 0;
        try
        {
            return _workbook.NextResult();
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }
    }

    private protected override bool ReadNextRow()
    {
        try
        {
            do
            {
                Line++;
                if (!_workbook.Read())
                {
                    return false;
                }

                ReadCells();
            }
            while (_row.Count == 0);
            return true;
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            throw Damaged(fault);
        }
    }

    private protected override void Dispose(bool disposing)
    {
        _workbook.Dispose();
        _stream.Dispose();
    }

    private static bool IsOfTheFile(Exception fault)
        => fault is ExcelReaderException or InvalidDataException or EndOfStreamException or System.Xml.XmlException or FormatException or OverflowException
            or ArgumentException or InvalidOperationException or NullReferenceException or IndexOutOfRangeException
            or KeyNotFoundException or NotSupportedException;

    private void ReadCells()
    {
        _row.Clear();
        _ends.Clear();
        _fields = _workbook.FieldCount;
        for (var field = 0; field < _fields; field++)
        {
            AddCell(_workbook.GetValue(field));
            _ends.Add(_row.Count);
        }
    }

    private void AddCell(object? cell)
    {
        switch (cell)
        {
            case null:
                return;
            case string text:
                _row.AddRange(Encoding.UTF8.GetBytes(text));
                return;
            case DateTime time:
                AddFormatted(time, "yyyy-MM-ddTHH:mm:ss.fff");
                return;
            case IUtf8SpanFormattable value:
                AddFormatted(value, default);
                return;
            default:
                _row.AddRange(Encoding.UTF8.GetBytes(Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""));
                return;
        }
    }

    private void AddFormatted(IUtf8SpanFormattable value, ReadOnlySpan<char> format)
    {
        Span<byte> text = stackalloc byte[64];
        if (value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture))
        {
            _row.AddRange(text[..length]);
        }
    }

    private DataFormatException Damaged(Exception fault) => new(File, 0, "the workbook is cut or damaged", "fetch or write it again", fault);
}
