namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>Splits PTX into tokens. A word keeps its dots (<c>ld.global.f32</c>, <c>%tid.x</c>); comments are dropped.</summary>
internal static class PtxLexer
{
    public static List<PtxToken> Split(string text, IReadOnlyList<string> lines)
    {
        var tokens = new List<PtxToken>();
        var line = 1;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c == '\n')
            {
                line++;
                at++;
            }
            else if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                at = Until(text, '\n', at);
            }
            else if (c == '/' && at + 1 < text.Length && text[at + 1] == '*')
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + 2;
                line += text.AsSpan(at, end - at).Count('\n');
                at = end;
            }
            else if (c == '"')
            {
                var end = Until(text, '"', at + 1);
                tokens.Add(new PtxToken(PtxTokenKind.String, text[(at + 1)..end], line));
                at = end + 1;
            }
            else if (IsWord(c))
            {
                var start = at;
                while (at < text.Length && (IsWord(text[at]) || IsDoubleColon(text, at)))
                {
                    at += text[at] == ':' ? 2 : 1;
                }

                tokens.Add(new PtxToken(char.IsAsciiDigit(c) ? PtxTokenKind.Number : PtxTokenKind.Word, text[start..at], line));
            }
            else if ("{}()[]<>,;:+-@!|=".Contains(c, StringComparison.Ordinal))
            {
                tokens.Add(new PtxToken(PtxTokenKind.Punctuation, c.ToString(), line));
                at++;
            }
            else
            {
                throw new PtxException(PtxErrorKind.Syntax, $"'{c}' has no meaning in PTX", new SourceLine(line, lines[line - 1].Trim()));
            }
        }

        tokens.Add(new PtxToken(PtxTokenKind.End, "", line));
        return tokens;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '%' or '.';

    private static bool IsDoubleColon(string text, int at) => text[at] == ':' && at + 2 < text.Length && text[at + 1] == ':' && IsWord(text[at + 2]);

    private static int Until(string text, char end, int start)
    {
        var at = text.IndexOf(end, start);
        return at < 0 ? text.Length : at;
    }
}
