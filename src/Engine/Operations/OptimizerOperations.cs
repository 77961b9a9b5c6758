using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Updates of parameters, in place.</summary>
public abstract class OptimizerOperations(Device device)
{
    /// <summary>
    /// AdamW (Loshchilov and Hutter 2019, as in PyTorch): p −= lr·wd·p; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²;
    /// p −= lr/(1 − β1^t)·m/(√v/√(1 − β2^t) + ε), where g is the gradient times the step's gradient scale.
    /// </summary>
    /// <param name="parameter">p, updated.</param>
    /// <param name="gradient">g before its scale; it stays as it is.</param>
    /// <param name="firstMoment">m, updated.</param>
    /// <param name="secondMoment">v, updated.</param>
    /// <param name="options">The rates, with t.</param>
    public void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        const string Operation = "adamw";
        Check.Arrays(Operation, device, parameter, gradient, firstMoment, secondMoment);
        Check.SameShape(Operation, "gradient", gradient, "parameter", parameter);
        Check.SameShape(Operation, "first moment", firstMoment, "parameter", parameter);
        Check.SameShape(Operation, "second moment", secondMoment, "parameter", parameter);
        Check.That(options.Step >= 1, Operation, $"the step {options.Step} counts from 1");
        Check.That(float.IsFinite(options.GradientScale), Operation, $"the gradient scale {options.GradientScale} must be finite");
        AdamWCore(parameter, gradient, firstMoment, secondMoment, options);
    }

    protected abstract void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options);
}
