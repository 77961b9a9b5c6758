namespace LargeRec.Engine.Profiling;

/// <summary>
/// The arithmetic that operations were asked for, from the shapes they were given: of matrix products, attention and losses, a multiply-add being two. What is
/// linear in the tokens alone (norms, activations, dropout) does not count, nor does what a backward pass computes again: so it is the work that a model stands
/// for, whatever a device does to get it done.
/// </summary>
public sealed class OperationCount
{
    private readonly Dictionary<string, double> _flops = [];

    /// <summary>Floating-point operations in all.</summary>
    public double Flops => _flops.Values.Sum();

    /// <summary>By the operation's name.</summary>
    public IReadOnlyDictionary<string, double> ByOperation => _flops;

    /// <summary>An operation is about to do so many.</summary>
    public void Add(string operation, double flops) => _flops[operation] = _flops.GetValueOrDefault(operation) + flops;
}
