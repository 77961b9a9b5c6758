using System.Buffers.Text;
using System.Globalization;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads the time fields of a file whose unit may be unknown until its end. Numbers are held as thousandths: where they turn out to be
/// seconds, those are the milliseconds wanted; where they are milliseconds, a last pass divides.
/// </summary>
internal sealed class TimeColumn
{
    private const int Thousandths = 1000;

    // 1e11 seconds is the year 5138, 1e11 milliseconds is March 1973; beyond 1e14 they would be microseconds.
    internal const long LeastMilliseconds = 100_000_000_000;
    private const long LeastMicroseconds = 100_000_000_000_000;

    // 1e8 seconds is March 1973: what is smaller (a missing time written as 0) says nothing about the unit.
    private const long LeastTelling = 100_000_000;

    private readonly bool _stated;
    private TimeUnit? _unit;
    private bool _anyNumber;
    private long _largest;
    private long _firstSecondsLine;
    private long _firstMillisecondsLine;

    /// <param name="unit">The unit that the caller states; null to find it out.</param>
    public TimeColumn(TimeUnit? unit)
    {
        _unit = unit;
        _stated = unit is not null;
    }

    /// <summary>A field's time: milliseconds for ISO times, else thousandths of the file's unit.</summary>
    public long Read(TableReader reader, int field)
    {
        var text = reader[field].Trim((byte)' ');
        if (_unit is TimeUnit.Iso)
        {
            return IsoTime.TryParse(text, out var milliseconds) ? InRange(milliseconds, reader, field)
                : throw reader.WrongType(field, "time", "an ISO 8601 time such as 2024-05-01T12:30:00Z");
        }

        if (TryThousandths(text, out var thousandths))
        {
            var size = Math.Abs(thousandths / Thousandths);
            if (size >= LeastMicroseconds)
            {
                throw reader.WrongType(field, "time", "in seconds or milliseconds");
            }

            _anyNumber = true;
            if (size > _largest)
            {
                _largest = size;
            }

            if (size >= LeastMilliseconds && _firstMillisecondsLine == 0)
            {
                _firstMillisecondsLine = reader.Line;
            }
            else if (size is >= LeastTelling and < LeastMilliseconds && _firstSecondsLine == 0)
            {
                _firstSecondsLine = reader.Line;
            }

            return thousandths;
        }

        if (_unit is null && !_anyNumber && IsoTime.TryParse(text, out var first))
        {
            first = InRange(first, reader, field);
            _unit = TimeUnit.Iso;
            return first;
        }

        if (Utf8Parser.TryParse(text, out double _, out var length) && length == text.Length)
        {
            throw reader.WrongType(field, "time", "in seconds or milliseconds");
        }

        throw reader.WrongType(field, "time", _stated || _anyNumber ? "a number" : "a number of seconds or milliseconds, nor an ISO 8601 time");
    }

    /// <summary>Settles the unit, turns the column into milliseconds, and says what was done.</summary>
    /// <exception cref="DataFormatException">Some times look like seconds and some like milliseconds, and none is stated.</exception>
    public string Finish(Span<long> times, string file)
    {
        if (_unit is null && _firstMillisecondsLine > 0 && _firstSecondsLine > 0)
        {
            throw new DataFormatException(
                file,
                Math.Max(_firstMillisecondsLine, _firstSecondsLine),
                _firstMillisecondsLine > _firstSecondsLine ? "this time looks like milliseconds where others look like seconds"
                : "this time looks like seconds where others look like milliseconds",
                "mend it, or state the unit with --time-unit s or ms");
        }

        var found = _unit ?? (_largest >= LeastMilliseconds ? TimeUnit.Milliseconds : TimeUnit.Seconds);
        if (found == TimeUnit.Milliseconds)
        {
            foreach (ref var time in times)
            {
                time = Floor.Divide(time, Thousandths);
            }
        }

        var name = found switch { TimeUnit.Seconds => "seconds", TimeUnit.Milliseconds => "milliseconds", _ => "ISO 8601" };
        if (_stated)
        {
            return $"times are {name}, as stated";
        }

        return found == TimeUnit.Iso ? $"times are {name} (as the first is)"
            : string.Create(CultureInfo.InvariantCulture, $"times are {name} (guessed from their size, up to {_largest}; --time-unit s|ms|iso says otherwise)");
    }

    // What would be taken for microseconds where it is written as milliseconds.
    private static long InRange(long milliseconds, TableReader reader, int field)
        => milliseconds < LeastMicroseconds ? milliseconds : throw reader.WrongType(field, "time", "before the year 5138");

    private static bool TryThousandths(ReadOnlySpan<byte> text, out long thousandths)
    {
        thousandths = 0;
        if (NumberText.TryInt64(text, out var whole))
        {
            if (Math.Abs(whole / 2) > long.MaxValue / (2 * Thousandths))
            {
                return false;
            }

            thousandths = whole * Thousandths;
            return true;
        }

        if (Utf8Parser.TryParse(text, out decimal exact, out var used) && used == text.Length && Math.Abs(exact) < long.MaxValue / Thousandths)
        {
            thousandths = (long)decimal.Floor(exact * Thousandths);
            return true;
        }

        // Scientific notation, as data frames write it.
        if (Utf8Parser.TryParse(text, out double value, out used, 'e') && used == text.Length && Math.Abs(value) < long.MaxValue / Thousandths)
        {
            thousandths = (long)Math.Floor(value * Thousandths);
            return true;
        }

        return false;
    }
}
