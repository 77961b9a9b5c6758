using System.Globalization;

namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>Walks over the tokens of a text.</summary>
internal sealed class PtxTokenReader(List<PtxToken> tokens, IReadOnlyList<string> lines)
{
    private int at;

    public PtxToken Current => tokens[at];

    public PtxToken Following => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public PtxToken Next() => tokens[at < tokens.Count - 1 ? at++ : at];

    public void SkipLine()
    {
        var line = Current.Line;
        while (Current.Line == line && Current.Kind != PtxTokenKind.End)
        {
            at++;
        }
    }

    public SourceLine Source() => new(Current.Line, lines[Current.Line - 1].Trim().Replace('\t', ' '));

    public void Expect(string text)
    {
        if (!Current.Is(text))
        {
            throw Fail(PtxErrorKind.Syntax, $"'{text}' was expected, '{Current.Text}' was found");
        }

        Next();
    }

    public string Word(string what)
    {
        if (Current.Kind != PtxTokenKind.Word)
        {
            throw Fail(PtxErrorKind.Syntax, $"{what} was expected, '{Current.Text}' was found");
        }

        return Next().Text;
    }

    public PtxType Type()
    {
        var word = Word("a type");
        return word[0] == '.' && PtxTypes.TryParse(word[1..], out var type) ? type
            : throw Fail(PtxErrorKind.UnknownInstruction, $"type '{word}' is not implemented");
    }

    public long Integer()
    {
        var negative = Current.Is("-");
        if (negative)
        {
            Next();
        }

        var text = Current.Text;
        var digits = text.EndsWith('U') ? text[..^1] : text;
        var isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (Current.Kind != PtxTokenKind.Number
            || !ulong.TryParse(isHex ? digits[2..] : digits, isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            throw Fail(PtxErrorKind.Syntax, $"an integer was expected, '{text}' was found");
        }

        Next();
        return negative ? -(long)value : (long)value;
    }

    public PtxException Fail(PtxErrorKind kind, string message) => new(kind, message, Source());
}
