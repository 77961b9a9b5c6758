namespace LargeRec.Data.Events;

/// <content>The slower way for rows that hold a quote: byte by byte, fields copied without their quotes.</content>
public sealed partial class DelimitedReader
{
    private readonly GrowableColumn<byte> _unquoted = new();

    private enum QuoteState
    {
        FieldStart,
        Plain,
        InQuotes,
        AfterQuote,
    }

    private void ReadQuotedRow()
    {
        _unquoted.Clear();
        _rowIsUnquoted = true;
        _starts.Add(0);
        var state = QuoteState.FieldStart;
        long opened = 0;
        while (TryNextByte(out var next))
        {
            if (next == LineFeed)
            {
                _linesPassed++;
            }

            if (state == QuoteState.InQuotes)
            {
                if (next == Quote)
                {
                    state = QuoteState.AfterQuote;
                }
                else
                {
                    Append(next, opened);
                }
            }
            else if (next == _separator)
            {
                _ends.Add(_unquoted.Count);
                _starts.Add(_unquoted.Count);
                state = QuoteState.FieldStart;
            }
            else if (next == LineFeed)
            {
                DropCarriageReturn(state);
                _ends.Add(_unquoted.Count);
                return;
            }
            else if (next == Quote && state != QuoteState.Plain)
            {
                if (state == QuoteState.AfterQuote)
                {
                    Append(Quote, opened);
                }
                else
                {
                    opened = _linesPassed + 1;
                }

                state = QuoteState.InQuotes;
            }
            else if (state == QuoteState.AfterQuote)
            {
                if (next != CarriageReturn || !(NextIsLineFeed() ?? true))
                {
                    throw Fault($"a closing quote is followed by '{(char)next}'", "put a separator there, or double the quotes inside the field",
                        "text after a closing quote");
                }
            }
            else
            {
                Append(next, opened);
                state = QuoteState.Plain;
            }
        }

        if (state == QuoteState.InQuotes)
        {
            throw FaultAt(opened, "a quote opens here and never closes", "close it or remove the row");
        }

        _linesPassed++;
        DropCarriageReturn(state);
        _ends.Add(_unquoted.Count);
    }

    private void DropCarriageReturn(QuoteState state)
    {
        if (state == QuoteState.Plain && _unquoted.Span[^1] == CarriageReturn)
        {
            _unquoted.RemoveLast();
        }
    }

    private void Append(byte next, long opened)
    {
        if (_unquoted.Count >= LongestRow)
        {
            throw opened == 0 ? TooLong() : FaultAt(opened, $"the row that has its quote here is longer than {LongestRow} bytes",
                "look for a quote that never closes");
        }

        _unquoted.Add(next);
    }

    private DataFormatException FaultAt(long line, string reason, string remedy) => new(File, line, reason, remedy) { IsOfRow = true };

    private bool TryNextByte(out byte next)
    {
        if (_position == _filled && !Refill())
        {
            next = 0;
            return false;
        }

        next = _buffer[_position++];
        return true;
    }

    /// <summary>Null at the end of the file.</summary>
    private bool? NextIsLineFeed() => _position == _filled && !Refill() ? null : _buffer[_position] == LineFeed;
}
