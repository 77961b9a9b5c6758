namespace LargeRec.Data.Events;

/// <summary>
/// Reads a delimited file row by row as UTF-8 (or any ASCII superset) bytes: a field is a span into the reader's buffer, valid until the next row.
/// Lines end with LF or CR LF; a UTF-8 byte order mark and empty lines are skipped. With quotes on, a field that begins with a double quote runs
/// to its closing quote and may hold separators, line ends and doubled quotes (RFC 4180); a quote further inside a field is text.
/// </summary>
public sealed partial class DelimitedReader : TableReader
{
    /// <summary>The longest row in bytes. A quote that never closes would otherwise take the rest of the file into memory.</summary>
    public const int LongestRow = 1 << 20;

    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private static ReadOnlySpan<byte> LittleEndianMark => [0xff, 0xfe];

    private static ReadOnlySpan<byte> BigEndianMark => [0xfe, 0xff];

    private readonly Stream _stream;
    private readonly byte _separator;
    private readonly byte _secondSeparator;
    private readonly bool _twoByteSeparator;
    private readonly bool _quotes;
    private readonly GrowableColumn<int> _starts = new();
    private readonly GrowableColumn<int> _ends = new();
    private byte[] _buffer;
    private int _position;
    private int _filled;
    private bool _atEnd;
    private bool _rowIsUnquoted;
    private bool _inRow;
    private int _rowStart;
    private long _linesPassed;
    private long _bytesRead;

    /// <param name="stream">Read from its position to its end; disposed with the reader.</param>
    /// <param name="file">The name for error messages.</param>
    /// <param name="format">How rows are cut.</param>
    /// <param name="bufferSize">Bytes read at a time; it grows where a row is longer.</param>
    public DelimitedReader(Stream stream, string file, DelimitedFormat format, int bufferSize = 1 << 16)
        : base(file)
    {
        if (format.Separator.Length is not (1 or 2) || format.Separator.Any(c => c is '"' or '\r' or '\n' or > '\x7f'))
        {
            throw new ArgumentException($"separator '{format.Separator}' is not allowed; one or two ASCII characters other than quotes and line ends are",
                nameof(format));
        }

        if (format.Quotes && format.Separator.Length != 1)
        {
            throw new ArgumentException($"separator '{format.Separator}' cannot go with quotes; quotes need a separator of one character", nameof(format));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 4);
        _stream = stream;
        _separator = (byte)format.Separator[0];
        _twoByteSeparator = format.Separator.Length == 2;
        _secondSeparator = (byte)format.Separator[^1];
        _quotes = format.Quotes;
        _buffer = new byte[bufferSize];
    }

    /// <summary>Bytes of the whole file, unpacked, where they are known; else 0.</summary>
    internal long ExpectedBytes { get; init; }

    /// <summary>Whether the current row ends with the file and not with a line end, as the last line of a cut file does.</summary>
    internal bool RowEndsWithFile { get; private set; }

    /// <summary>Fields of the current row.</summary>
    public override int FieldCount => _starts.Count;

    /// <summary>A field of the current row, without its quotes.</summary>
    public override ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var row = _rowIsUnquoted ? _unquoted.Span : _buffer;
            return row[_starts.Span[field].._ends.Span[field]];
        }
    }

    /// <summary>Goes to the next row that is not empty; false at the end of the file.</summary>
    private protected override bool ReadNextRow()
    {
        SkipByteOrderMark();
        _inRow = true;
        while (true)
        {
            _rowStart = _position;
            Line = _linesPassed + 1;
            _starts.Clear();
            _ends.Clear();
            var length = FindLineEnd(out var quoteInside);
            if (length < 0)
            {
                _inRow = false;
                return false;
            }

            if (quoteInside)
            {
                ReadQuotedRow();
                _inRow = false;
                return true;
            }

            var from = _position;
            var to = from + length;
            RowEndsWithFile = to == _filled;
            _position = Math.Min(to + 1, _filled);
            _linesPassed++;
            if (to > from && _buffer[to - 1] == CarriageReturn)
            {
                to--;
            }

            if (to > from)
            {
                _rowIsUnquoted = false;
                _inRow = false;
                CutRow(from, to);
                return true;
            }
        }
    }

    internal override long ExpectedRows(long soFar)
    {
        // A little more than the mean row says, as a column that is too short by one event is copied whole.
        var passed = _bytesRead - (_filled - _position);
        return passed <= 0 ? 0 : (long)(1.02 * soFar * ((double)ExpectedBytes / passed)) - soFar;
    }

    /// <summary>
    /// Goes to the line after the one on which the unreadable row begins. So a quote that never closes costs its own line, not all that follows;
    /// of a row that is too long everything up to its end is passed over.
    /// </summary>
    internal override void Recover()
    {
        if (!_inRow)
        {
            return;
        }

        _inRow = false;
        _position = _rowStart;
        _linesPassed = Line - 1;
        while (true)
        {
            var found = _buffer.AsSpan(_position, _filled - _position).IndexOf(LineFeed);
            if (found >= 0)
            {
                _position += found + 1;
                break;
            }

            _position = _filled;
            _rowStart = _position;
            if (!Refill())
            {
                break;
            }
        }

        _linesPassed++;
    }

    private protected override void Dispose(bool disposing) => _stream.Dispose();

    private void SkipByteOrderMark()
    {
        if (_linesPassed != 0 || _position != 0 || _filled != 0)
        {
            return;
        }

        while (_filled < 3 && Refill())
        {
        }

        var begin = _buffer.AsSpan(0, _filled);
        if (begin.StartsWith("\uFEFF"u8))
        {
            _position = 3;
        }
        else if (begin.StartsWith(LittleEndianMark) || begin.StartsWith(BigEndianMark))
        {
            throw new DataFormatException(File, 0, "the file is UTF-16 text", "save it as UTF-8");
        }
    }

    /// <summary>Bytes from the position to the next line end, or -1 at the end of the file; stops early at a quote.</summary>
    private int FindLineEnd(out bool quoteInside)
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_position + searched, _filled - _position - searched);
            var found = _quotes ? rest.IndexOfAny(LineFeed, Quote) : rest.IndexOf(LineFeed);
            if (found >= 0)
            {
                quoteInside = rest[found] == Quote;
                return searched + found;
            }

            searched += rest.Length;
            if (searched > LongestRow)
            {
                throw TooLong();
            }

            if (!Refill())
            {
                quoteInside = false;
                return searched == 0 ? -1 : searched;
            }
        }
    }

    private void CutRow(int from, int to)
    {
        var row = _buffer.AsSpan(0, to);
        _starts.Add(from);
        for (var i = from; i < to; i++)
        {
            if (row[i] != _separator)
            {
                continue;
            }

            if (!_twoByteSeparator)
            {
                _ends.Add(i);
                _starts.Add(i + 1);
            }
            else if (i + 1 < to && row[i + 1] == _secondSeparator)
            {
                _ends.Add(i);
                _starts.Add(i + 2);
                i++;
            }
        }

        _ends.Add(to);
    }

    private DataFormatException TooLong() => Fault($"the row is longer than {LongestRow} bytes", "check that the file is text with one row a line");

    /// <summary>Moves the row so far and what is unread to the front and reads more behind it; false at the end of the file.</summary>
    private bool Refill()
    {
        if (_atEnd)
        {
            return false;
        }

        // Of a row that is quoted the bytes stay, as Recover goes back to them.
        _buffer.AsSpan(_rowStart, _filled - _rowStart).CopyTo(_buffer);
        _filled -= _rowStart;
        _position -= _rowStart;
        _rowStart = 0;
        if (_filled == _buffer.Length)
        {
            if (_filled > 4 * LongestRow)
            {
                throw TooLong();
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            var read = _stream.Read(_buffer, _filled, _buffer.Length - _filled);
            _filled += read;
            _bytesRead += read;
            _atEnd = read == 0;
            return read > 0;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(File, _linesPassed + 1, "the compressed data are cut or damaged at or after this line",
                "fetch the file again (several gzip files joined into one must be unpacked and packed as one)", fault);
        }
    }
}
