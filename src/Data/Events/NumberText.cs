using System.Buffers.Text;

namespace LargeRec.Data.Events;

/// <summary>Numbers of text, with a short way for the short numbers that logs are made of.</summary>
internal static class NumberText
{
    // 18 digits fit into 63 bits whatever they are.
    private const int ShortDigits = 18;

    // Integers below 2^24 and powers of ten up to 10^10 are exact in float32, so their quotient is the number that is nearest to the text.
    private const int MostMantissa = 1 << 24;

    private static ReadOnlySpan<float> PowersOfTen => [1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > ShortDigits)
        {
            return Full(text, out value);
        }

        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
            {
                return Full(text, out value);
            }

            value = 10 * value + digit;
        }

        return true;

        static bool Full(ReadOnlySpan<byte> text, out long value) => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>The nearest finite float32.</summary>
    public static bool TrySingle(ReadOnlySpan<byte> text, out float value)
    {
        var mantissa = 0;
        var point = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9 && mantissa < MostMantissa / 10)
            {
                mantissa = 10 * mantissa + (int)digit;
            }
            else if (text[i] == '.' && point < 0 && i > 0 && i < text.Length - 1)
            {
                point = i;
            }
            else
            {
                return Full(text, out value);
            }
        }

        var decimals = point < 0 ? 0 : text.Length - 1 - point;
        if (text.IsEmpty || decimals >= PowersOfTen.Length)
        {
            return Full(text, out value);
        }

        value = mantissa / PowersOfTen[decimals];
        return true;

        static bool Full(ReadOnlySpan<byte> text, out float value)
            => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && float.IsFinite(value);
    }
}
