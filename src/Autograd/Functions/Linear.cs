using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Autograd.Functions;

/// <summary>y = x·Wᵀ + b + residual: <see cref="Linear{TActivation}"/> without an activation.</summary>
public static class Linear
{
    /// <param name="x">[T, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <param name="residual">[T, O].</param>
    public static Variable Apply(Tape tape, Variable x, Variable weight, Variable? bias = null, Variable? residual = null) =>
        Linear<Identity>.Apply(tape, x, weight, bias, residual);
}
