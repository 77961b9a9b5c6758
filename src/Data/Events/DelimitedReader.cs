using System.Buffers.Text;
using System.Text;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads a delimited file row by row as UTF-8 (or any ASCII superset) bytes: a field is a span into the reader's buffer, valid until the next row.
/// Lines end with LF or CR LF; a UTF-8 byte order mark and empty lines are skipped. With quotes on, a field that begins with a double quote runs
/// to its closing quote and may hold separators, line ends and doubled quotes (RFC 4180); a quote further inside a field is text.
/// </summary>
public sealed partial class DelimitedReader : IDisposable
{
    /// <summary>The longest row in bytes. A quote that never closes would otherwise take the rest of the file into memory.</summary>
    public const int LongestRow = 1 << 24;

    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

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
    private long _linesPassed;

    /// <param name="stream">Read from its position to its end; disposed with the reader.</param>
    /// <param name="file">The name for error messages.</param>
    /// <param name="format">How rows are cut.</param>
    /// <param name="bufferSize">Bytes read at a time; it grows where a row is longer.</param>
    public DelimitedReader(Stream stream, string file, DelimitedFormat format, int bufferSize = 1 << 16)
    {
        if (format.Separator.Length is not (1 or 2) || format.Separator.Any(c => c is '"' or '\r' or '\n' or > '\x7f'))
        {
            throw new ArgumentException($"separator '{format.Separator}' is not allowed; one or two ASCII characters other than quotes and line ends are", nameof(format));
        }

        if (format.Quotes && format.Separator.Length != 1)
        {
            throw new ArgumentException($"separator '{format.Separator}' cannot go with quotes; quotes need a separator of one character", nameof(format));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 4);
        _stream = stream;
        File = file;
        _separator = (byte)format.Separator[0];
        _twoByteSeparator = format.Separator.Length == 2;
        _secondSeparator = (byte)format.Separator[^1];
        _quotes = format.Quotes;
        _buffer = new byte[bufferSize];
    }

    public string File { get; }

    /// <summary>1-based line on which the current row begins.</summary>
    public long Line { get; private set; }

    /// <summary>Fields of the current row.</summary>
    public int FieldCount => _starts.Count;

    /// <summary>A field of the current row, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var row = _rowIsUnquoted ? _unquoted.Span : _buffer;
            return row[_starts.Span[field].._ends.Span[field]];
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Goes to the next row that is not empty; false at the end of the file.</summary>
    public bool ReadRow()
    {
        SkipByteOrderMark();
        while (true)
        {
            Line = _linesPassed + 1;
            _starts.Clear();
            _ends.Clear();
            var length = FindLineEnd(out var quoteInside);
            if (length < 0)
            {
                return false;
            }

            if (quoteInside)
            {
                ReadQuotedRow();
                return true;
            }

            var from = _position;
            var to = from + length;
            _position = Math.Min(to + 1, _filled);
            _linesPassed++;
            if (to > from && _buffer[to - 1] == CarriageReturn)
            {
                to--;
            }

            if (to > from)
            {
                _rowIsUnquoted = false;
                CutRow(from, to);
                return true;
            }
        }
    }

    /// <summary>A field as an integer; spaces around it are allowed.</summary>
    public long GetInt64(int field, string name)
    {
        var text = this[field].Trim((byte)' ');
        return Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length
            ? value
            : throw WrongType(field, name, "an integer");
    }

    /// <summary>A field as a finite number; spaces around it are allowed.</summary>
    public float GetSingle(int field, string name)
    {
        var text = this[field].Trim((byte)' ');
        return Utf8Parser.TryParse(text, out float value, out var used) && used == text.Length && float.IsFinite(value)
            ? value
            : throw WrongType(field, name, "a finite number");
    }

    /// <summary>The current row must have this many fields.</summary>
    public void RequireFields(int count)
    {
        if (FieldCount != count)
        {
            throw Fault($"the row has {FieldCount} fields where {count} are expected", "mend or remove the row");
        }
    }

    /// <summary>An error about the current row, for the caller to throw.</summary>
    public DataFormatException Fault(string reason, string remedy) => new(File, Line, reason, remedy);

    /// <summary>An error about a field that is not what its column must hold, for the caller to throw.</summary>
    public DataFormatException WrongType(int field, string name, string wanted)
        => Fault($"{name} '{Excerpt(this[field])}' is not {wanted}", "mend or remove the row");

    private static string Excerpt(ReadOnlySpan<byte> text)
    {
        var shown = string.Concat(Encoding.UTF8.GetString(text.Length > 40 ? text[..40] : text).Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length > 40 ? shown + "..." : shown;
    }

    private void SkipByteOrderMark()
    {
        if (_linesPassed != 0 || _position != 0 || _filled != 0)
        {
            return;
        }

        while (_filled < 3 && Refill())
        {
        }

        if (_buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
        {
            _position = 3;
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

    private DataFormatException TooLong() => Fault($"the row is longer than {LongestRow} bytes", "check that the file is text with one event a line");

    /// <summary>Moves what is unread to the front and reads more behind it; false at the end of the file.</summary>
    private bool Refill()
    {
        if (_atEnd)
        {
            return false;
        }

        _buffer.AsSpan(_position, _filled - _position).CopyTo(_buffer);
        _filled -= _position;
        _position = 0;
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            var read = _stream.Read(_buffer, _filled, _buffer.Length - _filled);
            _filled += read;
            _atEnd = read == 0;
            return read > 0;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(File, _linesPassed + 1, "the gzip data are cut or damaged at or after this line", "fetch the file again (several gzip files joined into one must be unpacked and packed as one)", fault);
        }
    }
}
