using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>The kernels of a PTX text, ready to run.</summary>
public sealed class PtxModule
{
    private PtxModule(IReadOnlyList<PtxKernel> kernels) => Kernels = kernels;

    public IReadOnlyList<PtxKernel> Kernels { get; }

    /// <summary>The only kernel of the text.</summary>
    public PtxKernel Kernel => Kernels.Count == 1 ? Kernels[0] : throw new InvalidOperationException($"The text has {Kernels.Count} kernels; name one.");

    public PtxKernel this[string name] => Kernels.FirstOrDefault(k => k.Name == name)
        ?? throw new InvalidOperationException($"The text has no kernel '{name}'; it has {string.Join(", ", Kernels.Select(k => k.Name))}.");

    /// <summary>Parses and decodes a text. What is unknown, undeclared or does not fit is an error here already.</summary>
    /// <exception cref="PtxException">Names the line and the instruction.</exception>
    public static PtxModule Parse(string text)
    {
        var (functions, variables) = PtxParser.Parse(text);
        var byName = new Dictionary<string, PtxFunction>(StringComparer.Ordinal);
        foreach (var function in functions.Where(f => f.Body is not null || !byName.ContainsKey(f.Name)))
        {
            byName[function.Name] = function;
        }

        return new PtxModule([.. byName.Values.Where(f => f.IsEntry && f.Body is not null)
            .Select(f => new PtxKernel(ProgramBuilder.Build(f, byName, variables)))]);
    }
}
