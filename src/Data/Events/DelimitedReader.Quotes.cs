namespace LargeRec.Data.Events;

/// <content>The slower way for rows that hold a quote: byte by byte, fields copied without their quotes.</content>
public sealed partial class DelimitedReader
{
    private readonly GrowableColumn<byte> unquoted = new();

    private enum QuoteState
    {
        FieldStart,
        Plain,
        InQuotes,
        AfterQuote,
    }

    private void ReadQuotedRow()
    {
        unquoted.Clear();
        rowIsUnquoted = true;
        starts.Add(0);
        var state = QuoteState.FieldStart;
        long opened = 0;
        while (TryNextByte(out var next))
        {
            if (next == LineFeed)
            {
                linesPassed++;
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
            else if (next == separator)
            {
                ends.Add(unquoted.Count);
                starts.Add(unquoted.Count);
                state = QuoteState.FieldStart;
            }
            else if (next == LineFeed)
            {
                DropCarriageReturn(state);
                ends.Add(unquoted.Count);
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
                    opened = linesPassed + 1;
                }

                state = QuoteState.InQuotes;
            }
            else if (state == QuoteState.AfterQuote)
            {
                if (next != CarriageReturn || !(NextIsLineFeed() ?? true))
                {
                    throw Fault($"a closing quote is followed by '{(char)next}'", "put a separator there, or double the quotes inside the field");
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
            throw new DataFormatException(File, opened, "a quote opens here and never closes", "close it, or read the file without quotes");
        }

        linesPassed++;
        DropCarriageReturn(state);
        ends.Add(unquoted.Count);
    }

    private void DropCarriageReturn(QuoteState state)
    {
        if (state == QuoteState.Plain && unquoted.Span[^1] == CarriageReturn)
        {
            unquoted.RemoveLast();
        }
    }

    private void Append(byte next, long opened)
    {
        if (unquoted.Count >= LongestRow)
        {
            throw opened == 0 ? TooLong() : new DataFormatException(File, opened, $"the row that has its quote here is longer than {LongestRow} bytes", "look for a quote that never closes");
        }

        unquoted.Add(next);
    }

    private bool TryNextByte(out byte next)
    {
        if (position == filled && !Refill())
        {
            next = 0;
            return false;
        }

        next = buffer[position++];
        return true;
    }

    /// <summary>Null at the end of the file.</summary>
    private bool? NextIsLineFeed() => position == filled && !Refill() ? null : buffer[position] == LineFeed;
}
