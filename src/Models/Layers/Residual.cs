using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Models.Layers;

/// <summary>How a part of a block ends.</summary>
internal static class Residual
{
    /// <summary>residual + dropout(x·Wᵀ + b), or residual + σ(gate)·dropout(x·Wᵀ + b); in one product where there is neither dropout nor gate.</summary>
    public static Variable Add(
        Tape tape, Variable residual, Variable x, Variable weight, Variable? bias, Variable? gate, DropoutSite dropout)
    {
        if (gate is null && !dropout.IsActive)
        {
            return Linear.Apply(tape, x, weight, bias, residual);
        }

        var y = Linear.Apply(tape, x, weight, bias);
        if (gate is null)
        {
            return Dropout.AddTo(tape, residual, y, dropout);
        }

        var gated = Gate<Sigmoid>.Apply(tape, gate, Dropout.Apply(tape, y, dropout));
        return Dropout.AddTo(tape, residual, gated, DropoutSite.None);
    }
}
