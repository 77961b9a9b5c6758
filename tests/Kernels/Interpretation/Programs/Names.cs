namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>What a name of a function body stands for.</summary>
internal abstract record Named;

internal sealed record NamedRegister(int Slot, PtxType Type) : Named;

/// <summary>A variable; its address is a constant.</summary>
internal sealed record NamedVariable(PtxSpace Space, ulong Address) : Named;

/// <summary>A parameter of the entry, in the launch's parameter block.</summary>
internal sealed record NamedParameter(ParameterPlace Place) : Named;

/// <summary>The names that are visible at a place of a body, innermost scope first.</summary>
internal sealed class Names
{
    private readonly Stack<Dictionary<string, Named>> scopes = new([new Dictionary<string, Named>(StringComparer.Ordinal)]);

    public void Open() => scopes.Push(new Dictionary<string, Named>(StringComparer.Ordinal));

    public void Close() => scopes.Pop();

    public void Declare(string name, Named named, SourceLine source)
    {
        if (!scopes.Peek().TryAdd(name, named))
        {
            throw new PtxException(PtxErrorKind.Syntax, $"'{name}' is declared twice", source);
        }
    }

    public Named? Find(string name)
    {
        foreach (var scope in scopes)
        {
            if (scope.TryGetValue(name, out var named))
            {
                return named;
            }
        }

        return null;
    }
}
