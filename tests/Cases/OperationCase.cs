using LargeRec.Autograd;

namespace LargeRec.Cases;

/// <summary>
/// One differentiable function at one shape: what it computes, how a float64 loop computes the same, and what it costs. Agreement with the reference,
/// gradients, bits over threads, agreement between devices and benchmarks all walk the same list, <see cref="OperationCases.All"/>.
/// </summary>
/// <param name="function">The function's name, "layer norm".</param>
/// <param name="variant">Shape and options, "[33, 50]".</param>
public abstract class OperationCase(string function, string variant)
{
    private IReadOnlyList<CaseInput>? _inputs;

    /// <summary>The function's name.</summary>
    public string Function { get; } = function;

    /// <summary>Function and variant; no two cases have the same.</summary>
    public string Name => $"{Function} {variant}{Variant}";

    /// <summary>What the name says besides.</summary>
    public virtual string Variant => "";

    /// <summary>Whether GPUs lack it and say so.</summary>
    public virtual bool IsCpuOnly => false;

    /// <summary>Made when first asked for.</summary>
    public IReadOnlyList<CaseInput> Inputs => _inputs ??= CreateInputs();

    /// <summary>Of one forward pass.</summary>
    public abstract Cost Forward { get; }

    /// <summary>Of one backward pass to every differentiable input.</summary>
    public abstract Cost Backward { get; }

    /// <summary>Computes it on the tape's device, within an open step.</summary>
    public abstract Variable Run(Tape tape, Named<Variable> inputs);

    /// <summary>The same in float64, as plainly as its formula.</summary>
    /// <returns>The output in row-major order.</returns>
    public abstract double[] Reference(Named<double[]> inputs);

    /// <summary>The reference of values in the order of <see cref="Inputs"/>.</summary>
    public double[] Reference(IReadOnlyList<double[]> inputs) => Reference(new Named<double[]>(InputNames, inputs));

    public override string ToString() => Name;

    protected abstract IReadOnlyList<CaseInput> CreateInputs();

    internal IReadOnlyList<string> InputNames => [.. Inputs.Select(i => i.Name)];
}
