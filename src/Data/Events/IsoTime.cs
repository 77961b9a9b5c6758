namespace LargeRec.Data.Events;

/// <summary>
/// ISO 8601 times as event logs write them: <c>yyyy-MM-dd</c>, then optionally <c>T</c> or a space and <c>HH:mm[:ss[.fraction]]</c>,
/// then optionally <c>Z</c> or <c>+HH:mm</c>; UTC where no offset is written.
/// </summary>
internal static class IsoTime
{
    /// <summary>Milliseconds since 1970-01-01 UTC, fractions beyond them dropped; false where the text is no such time.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryNumber(ref text, 4, out var year) || !TrySkip(ref text, (byte)'-') || !TryNumber(ref text, 2, out var month)
            || !TrySkip(ref text, (byte)'-') || !TryNumber(ref text, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        milliseconds = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        if (text.IsEmpty)
        {
            return true;
        }

        return (TrySkip(ref text, (byte)'T') || TrySkip(ref text, (byte)' '))
            && TryTimeOfDay(ref text, out var ofDay)
            && TryOffset(text, out var offset)
            && Set(ref milliseconds, ofDay - offset);
    }

    private static bool TryTimeOfDay(ref ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryNumber(ref text, 2, out var hour) || !TrySkip(ref text, (byte)':') || !TryNumber(ref text, 2, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        milliseconds = (hour * 60 + minute) * 60_000L;
        if (!TrySkip(ref text, (byte)':'))
        {
            return true;
        }

        if (!TryNumber(ref text, 2, out var second) || second > 60)
        {
            return false;
        }

        milliseconds += second * 1000L;
        if (TrySkip(ref text, (byte)'.'))
        {
            var scale = 100;
            var digits = 0;
            for (; !text.IsEmpty && char.IsAsciiDigit((char)text[0]); text = text[1..], scale /= 10, digits++)
            {
                milliseconds += (text[0] - '0') * scale;
            }

            return digits > 0;
        }

        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty || text.SequenceEqual("Z"u8))
        {
            return true;
        }

        var sign = text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
        text = text[1..];
        if (sign == 0 || !TryNumber(ref text, 2, out var hours))
        {
            return false;
        }

        var minutes = 0;
        TrySkip(ref text, (byte)':');
        if (!text.IsEmpty && !TryNumber(ref text, 2, out minutes))
        {
            return false;
        }

        milliseconds = sign * (hours * 60 + minutes) * 60_000L;
        return text.IsEmpty && hours < 24 && minutes < 60;
    }

    private static bool Set(ref long milliseconds, long more)
    {
        milliseconds += more;
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits)
        {
            return false;
        }

        foreach (var digit in text[..digits])
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = 10 * value + (digit - '0');
        }

        text = text[digits..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
