using LargeRec.Engine.Operations;

namespace LargeRec.Autograd.Functions;

/// <summary>The two learned values of <see cref="TimePower"/>.</summary>
/// <param name="Factor">a, one value.</param>
/// <param name="Exponent">b, one value.</param>
public sealed record TimePowerBias(Variable Factor, Variable Exponent)
{
    internal TimePower Value => new(Factor.Value, Exponent.Value);
}
