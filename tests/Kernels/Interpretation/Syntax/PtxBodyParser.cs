using System.Globalization;

namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>Reads the statements between the braces of a function.</summary>
internal sealed class PtxBodyParser(PtxTokenReader reader)
{
    private readonly List<PtxStatement> statements = [];

    public IReadOnlyList<PtxStatement> Read()
    {
        reader.Expect("{");
        for (var depth = 1; depth > 0;)
        {
            var source = reader.Source();
            switch (reader.Current.Text)
            {
                case "{":
                    reader.Next();
                    depth++;
                    statements.Add(new ScopeStart(source));
                    break;
                case "}":
                    reader.Next();
                    depth--;
                    if (depth > 0)
                    {
                        statements.Add(new ScopeEnd(source));
                    }

                    break;
                case ";":
                    reader.Next();
                    break;
                case ".reg":
                    ReadRegisters(source);
                    break;
                case ".shared" or ".local" or ".param":
                    statements.Add(PtxParser.ReadVariable(reader));
                    reader.Expect(";");
                    break;
                case ".branchtargets":
                    ReadTargets(source);
                    break;
                default:
                    ReadLabelOrInstruction(source);
                    break;
            }
        }

        return statements;
    }

    private void ReadRegisters(SourceLine source)
    {
        reader.Next();
        var type = reader.Type();
        while (true)
        {
            var name = reader.Word("a register");
            var count = -1;
            if (reader.Current.Is("<"))
            {
                reader.Next();
                count = (int)reader.Integer();
                reader.Expect(">");
            }

            statements.Add(new RegisterStatement(source, type, name, count));
            if (reader.Current.Is(";"))
            {
                reader.Next();
                return;
            }

            reader.Expect(",");
        }
    }

    private void ReadTargets(SourceLine source)
    {
        reader.Next();
        var labels = new List<string> { reader.Word("a label") };
        while (reader.Current.Is(","))
        {
            reader.Next();
            labels.Add(reader.Word("a label"));
        }

        reader.Expect(";");
        statements.Add(new TargetsStatement(source, labels));
    }

    private void ReadLabelOrInstruction(SourceLine source)
    {
        string? guard = null;
        var negated = false;
        if (reader.Current.Is("@"))
        {
            reader.Next();
            negated = reader.Current.Is("!");
            if (negated)
            {
                reader.Next();
            }

            guard = reader.Word("a predicate");
        }

        var word = reader.Word("an instruction");
        if (guard is null && reader.Current.Is(":"))
        {
            reader.Next();
            statements.Add(new LabelStatement(source, word));
            return;
        }

        if (word[0] == '.')
        {
            throw new PtxException(PtxErrorKind.UnknownInstruction, $"directive '{word}' is not implemented", source);
        }

        var operands = new List<PtxOperand>();
        while (!reader.Current.Is(";"))
        {
            operands.Add(ReadOperand());
            if (!reader.Current.Is(";"))
            {
                reader.Expect(",");
            }
        }

        reader.Expect(";");
        statements.Add(new InstructionStatement(source, guard, negated, word, operands));
    }

    private PtxOperand ReadOperand()
    {
        switch (reader.Current.Text)
        {
            case "{":
                return new VectorOperand(ReadItems("{", "}"));
            case "(":
                return new ListOperand(ReadItems("(", ")"));
            case "[":
                return ReadAddress();
            case "!":
                reader.Next();
                return new NameOperand(reader.Word("a predicate"), Negated: true);
        }

        if (reader.Current.Kind != PtxTokenKind.Word)
        {
            return Literal(reader);
        }

        var first = new NameOperand(reader.Next().Text, Negated: false);
        if (!reader.Current.Is("|"))
        {
            return first;
        }

        reader.Next();
        return new PairOperand(first, new NameOperand(reader.Word("a predicate"), Negated: false));
    }

    private List<PtxOperand> ReadItems(string open, string close)
    {
        var items = new List<PtxOperand>();
        reader.Expect(open);
        while (!reader.Current.Is(close))
        {
            items.Add(ReadOperand());
            if (!reader.Current.Is(close))
            {
                reader.Expect(",");
            }
        }

        reader.Expect(close);
        return items;
    }

    private AddressOperand ReadAddress()
    {
        reader.Expect("[");
        PtxOperand start = reader.Current.Kind == PtxTokenKind.Word ? new NameOperand(reader.Next().Text, Negated: false)
            : new IntegerOperand(reader.Integer());
        long offset = 0;
        if (reader.Current.Is("+"))
        {
            reader.Next();
            offset = reader.Integer();
        }
        else if (reader.Current.Is("-"))
        {
            offset = reader.Integer();
        }

        reader.Expect("]");
        return new AddressOperand(start, offset);
    }

    /// <summary>An integer or the bits of a float.</summary>
    public static PtxOperand Literal(PtxTokenReader reader)
    {
        var text = reader.Current.Text;
        var isFloat = text.Length == 10 && text.StartsWith("0f", StringComparison.OrdinalIgnoreCase);
        var isDouble = text.Length == 18 && text.StartsWith("0d", StringComparison.OrdinalIgnoreCase);
        if (!(isFloat || isDouble))
        {
            return new IntegerOperand(reader.Integer());
        }

        if (!ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
        {
            throw reader.Fail(PtxErrorKind.Syntax, $"'{text}' is not the bits of a float");
        }

        reader.Next();
        return new FloatOperand(bits, isFloat ? 4 : 8);
    }
}
