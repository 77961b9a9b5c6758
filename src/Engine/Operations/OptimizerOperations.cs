using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Updates of parameters, in place.</summary>
public abstract class OptimizerOperations(Device device)
{
    private const string AdamWRowsName = "adamw by rows";
    private const string LazyAdamWName = "lazy adamw";
    private const string RowwiseAdamWName = "row-wise adamw";

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
        CheckStep(Operation, options);
        AdamWCore(parameter, gradient, firstMoment, secondMoment, options);
    }

    /// <summary>
    /// <see cref="AdamW(Tensor, Tensor, Tensor, Tensor, in AdamWStep)"/> of a whole table, whose gradient is 0 in every row that the row gradient does not
    /// have: the dense rule, by which all rows move, in one pass over table and moments. The same bits as with a dense gradient.
    /// </summary>
    /// <param name="parameter">[V, D], updated.</param>
    /// <param name="firstMoment">[V, D], updated.</param>
    /// <param name="secondMoment">[V, D], updated.</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void AdamW(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        CheckRows(AdamWRowsName, parameter, gradient, firstMoment, options);
        Check.Arrays(AdamWRowsName, device, secondMoment);
        Check.SameShape(AdamWRowsName, "second moment", secondMoment, "parameter", parameter);
        AdamWRowsCore(parameter, gradient, firstMoment, secondMoment, options);
    }

    /// <summary>
    /// Lazy AdamW (as LazyAdam and torch.optim.SparseAdam, with decoupled decay): the update of
    /// <see cref="AdamW(Tensor, Tensor, Tensor, Tensor, in AdamWStep)"/> for the rows of the row gradient; all others keep value and moments, and are not
    /// decayed either. The bias corrections count the steps of the whole run. Another update than AdamW: a row's momentum does not move it while it is not
    /// used.
    /// </summary>
    /// <param name="parameter">[V, D], its used rows updated.</param>
    /// <param name="firstMoment">[V, D], its used rows updated.</param>
    /// <param name="secondMoment">[V, D], its used rows updated.</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void LazyAdamW(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        CheckRows(LazyAdamWName, parameter, gradient, firstMoment, options);
        Check.Arrays(LazyAdamWName, device, secondMoment);
        Check.SameShape(LazyAdamWName, "second moment", secondMoment, "parameter", parameter);
        LazyAdamWCore(parameter, gradient, firstMoment, secondMoment, options);
    }

    /// <summary>
    /// Row-wise AdamW (as FBGEMM's partial_rowwise_adam): lazy, with one second moment a row, v = β2·v + (1 − β2)·mean_d(g²); for the rows of the row gradient
    /// p −= lr·wd·p; m = β1·m + (1 − β1)·g; p −= lr/(1 − β1^t)·m/(√v/√(1 − β2^t) + ε). All other rows stay as they are.
    /// </summary>
    /// <param name="parameter">[V, D], its used rows updated.</param>
    /// <param name="firstMoment">[V, D], its used rows updated.</param>
    /// <param name="secondMoment">A row of V, its used values updated.</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void RowwiseAdamW(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        CheckRows(RowwiseAdamWName, parameter, gradient, firstMoment, options);
        Check.Arrays(RowwiseAdamWName, device, secondMoment);
        Check.Extent(RowwiseAdamWName, "second moment", secondMoment, 1, parameter.Rows);
        RowwiseAdamWCore(parameter, gradient.Values, gradient.Rows, firstMoment, secondMoment, options);
    }

    /// <summary>The same with a gradient of the whole table: every row is a used one.</summary>
    /// <param name="parameter">[V, D], updated.</param>
    /// <param name="gradient">[V, D].</param>
    /// <param name="firstMoment">[V, D], updated.</param>
    /// <param name="secondMoment">A row of V, updated.</param>
    /// <exception cref="NotSupportedException">The device lacks it.</exception>
    public void RowwiseAdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        Check.Arrays(RowwiseAdamWName, device, parameter, gradient, firstMoment, secondMoment);
        Check.SameShape(RowwiseAdamWName, "gradient", gradient, "parameter", parameter);
        Check.SameShape(RowwiseAdamWName, "first moment", firstMoment, "parameter", parameter);
        Check.Extent(RowwiseAdamWName, "second moment", secondMoment, 1, parameter.Rows);
        CheckStep(RowwiseAdamWName, options);
        RowwiseAdamWCore(parameter, gradient, null, firstMoment, secondMoment, options);
    }

    protected abstract void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options);

    protected virtual void AdamWRowsCore(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options) =>
        throw Check.Unsupported(AdamWRowsName, device);

    protected virtual void LazyAdamWCore(Tensor parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options) =>
        throw Check.Unsupported(LazyAdamWName, device);

    /// <param name="gradient">[U, D].</param>
    /// <param name="rows">[U]; null where the gradient has all rows.</param>
    protected virtual void RowwiseAdamWCore(Tensor parameter, Tensor gradient, IndexTensor? rows, Tensor firstMoment, Tensor secondMoment,
        in AdamWStep options) =>
        throw Check.Unsupported(RowwiseAdamWName, device);

    private static void CheckStep(string operation, in AdamWStep options)
    {
        Check.That(options.Step >= 1, operation, $"the step {options.Step} counts from 1");
        Check.That(float.IsFinite(options.GradientScale), operation, $"the gradient scale {options.GradientScale} must be finite");
    }

    private void CheckRows(string operation, Tensor parameter, RowGradient gradient, Tensor firstMoment, in AdamWStep options)
    {
        Check.Arrays(operation, device, parameter, firstMoment, gradient.Rows, gradient.Values);
        Check.Extent(operation, "parameter", parameter, gradient.TableRows, gradient.Columns);
        Check.SameShape(operation, "first moment", firstMoment, "parameter", parameter);
        CheckStep(operation, options);
    }
}
