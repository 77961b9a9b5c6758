using System.Globalization;

namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>Reads the functions and variables of a PTX text: declarations here, bodies in <see cref="PtxBodyParser"/>.</summary>
internal sealed class PtxParser
{
    private readonly PtxTokenReader reader;
    private readonly List<PtxFunction> functions = [];
    private readonly List<VariableStatement> variables = [];

    private PtxParser(PtxTokenReader reader) => this.reader = reader;

    public static (IReadOnlyList<PtxFunction> Functions, IReadOnlyList<VariableStatement> Variables) Parse(string text)
    {
        var lines = text.Split('\n');
        var parser = new PtxParser(new PtxTokenReader(PtxLexer.Split(text, lines), lines));
        parser.ReadModule();
        return (parser.functions, parser.variables);
    }

    private void ReadModule()
    {
        while (reader.Current.Kind != PtxTokenKind.End)
        {
            switch (reader.Current.Text)
            {
                case ".version" or ".target" or ".address_size":
                    reader.SkipLine();
                    break;
                case ".extern" or ".visible" or ".weak":
                    reader.Next();
                    break;
                case ".entry" or ".func":
                    ReadFunction();
                    break;
                case ".shared" or ".global" or ".const":
                    variables.Add(ReadVariable(reader));
                    reader.Expect(";");
                    break;
                default:
                    throw reader.Fail(PtxErrorKind.UnknownInstruction, $"directive '{reader.Current.Text}' is not implemented");
            }
        }
    }

    private void ReadFunction()
    {
        var source = reader.Source();
        var isEntry = reader.Next().Is(".entry");
        IReadOnlyList<VariableStatement> results = reader.Current.Is("(") ? ReadParameters() : [];
        var name = reader.Word("a function's name");
        IReadOnlyList<VariableStatement> parameters = reader.Current.Is("(") ? ReadParameters() : [];
        while (reader.Current.Text is ".maxntid" or ".reqntid" or ".minnctapersm" or ".maxnreg" or ".noreturn")
        {
            reader.SkipLine();
        }

        if (reader.Current.Is(";"))
        {
            reader.Next();
            functions.Add(new PtxFunction(source, name, isEntry, results, parameters, null));
        }
        else
        {
            functions.Add(new PtxFunction(source, name, isEntry, results, parameters, new PtxBodyParser(reader).Read()));
        }
    }

    private List<VariableStatement> ReadParameters()
    {
        var parameters = new List<VariableStatement>();
        reader.Expect("(");
        while (!reader.Current.Is(")"))
        {
            parameters.Add(ReadVariable(reader));
            if (!reader.Current.Is(")"))
            {
                reader.Expect(",");
            }
        }

        reader.Expect(")");
        return parameters;
    }

    /// <summary><c>.space [.align n] .type name[length] [= {bytes}]</c>, up to but without what ends it.</summary>
    public static VariableStatement ReadVariable(PtxTokenReader reader)
    {
        var source = reader.Source();
        var space = Space(reader, reader.Next());
        var alignment = 0;
        if (reader.Current.Is(".align"))
        {
            reader.Next();
            alignment = (int)reader.Integer();
        }

        var type = reader.Type();
        var name = reader.Word("a variable's name");
        long count = 1;
        if (reader.Current.Is("["))
        {
            reader.Next();
            count = reader.Current.Is("]") ? -1 : reader.Integer();
            reader.Expect("]");
        }

        byte[]? initial = null;
        if (reader.Current.Is("="))
        {
            reader.Next();
            initial = ReadInitial(reader, type, count);
        }

        var length = count < 0 ? -1 : count * type.Size();
        return new VariableStatement(source, space, name, Math.Max(alignment, type.Size()), length, initial);
    }

    private static byte[] ReadInitial(PtxTokenReader reader, PtxType type, long count)
    {
        var bytes = new byte[count * type.Size()];
        var braced = reader.Current.Is("{");
        if (braced)
        {
            reader.Next();
        }

        for (var item = 0; item < count; item++)
        {
            var bits = PtxBodyParser.Literal(reader) switch
            {
                IntegerOperand integer => (ulong)integer.Value,
                FloatOperand real when real.Size == type.Size() => real.Bits,
                _ => throw reader.Fail(PtxErrorKind.Syntax, $"an initial value of type {type} was expected"),
            };
            for (var at = 0; at < type.Size(); at++)
            {
                bytes[(item * type.Size()) + at] = (byte)(bits >> (8 * at));
            }

            if (!braced || reader.Current.Is("}"))
            {
                break;
            }

            reader.Expect(",");
        }

        if (braced)
        {
            reader.Expect("}");
        }

        return bytes;
    }

    private static PtxSpace Space(PtxTokenReader reader, PtxToken token) => token.Text switch
    {
        ".param" => PtxSpace.Parameter,
        ".shared" => PtxSpace.Shared,
        ".local" => PtxSpace.Local,
        ".global" => PtxSpace.Global,
        ".const" => PtxSpace.Constant,
        _ => throw reader.Fail(PtxErrorKind.UnknownInstruction, string.Create(CultureInfo.InvariantCulture, $"state space '{token.Text}' is not implemented")),
    };
}
