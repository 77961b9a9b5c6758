using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd;

/// <summary>
/// A tensor within a computation that may be differentiated. A leaf (a parameter) keeps its value and gradient beyond steps; what a
/// <see cref="Function"/> returns lives within its step, and the backward pass frees it as soon as nothing needs it any more.
/// </summary>
public sealed class Variable
{
    private readonly Tensor _value;
    private readonly bool _isLeaf;
    private Tensor? _gradient;
    private bool _hasGradient;
    private RowGradients? _rows;

    private Variable(Tensor value, bool requiresGradient, bool isLeaf) => (_value, RequiresGradient, _isLeaf) = (value, requiresGradient, isLeaf);

    /// <summary>The value; throws where its step is over or its backward pass has freed it.</summary>
    public Tensor Value
    {
        get
        {
            if (!_value.IsAlive)
            {
                throw new ObjectDisposedException(
                    null,
                    $"The value {_value.Shape} of step {_value.Step} is gone: its step has ended or its backward pass has run. Call Value.Keep() before, "
                    + $"within the step, to hold on to it.");
            }

            return _value;
        }
    }

    public Shape Shape => _value.Shape;

    /// <summary>Whether a backward pass computes its gradient.</summary>
    public bool RequiresGradient { get; }

    /// <summary>
    /// The gradient of a leaf since its last <see cref="ClearGradient"/>; null where nothing has come, or by row only. What has come both ways is dense: the
    /// rows are added.
    /// </summary>
    public Tensor? Gradient
    {
        get
        {
            if (_hasGradient && _rows?.Coalesce() is { } rows)
            {
                _value.Device.Embedding.AddRows(rows, _gradient!);
                _rows.Clear();
            }

            return _hasGradient ? _gradient : null;
        }
    }

    /// <summary>The gradient of a table whose rows were collected, of all forward passes since the last <see cref="ClearGradient"/>; null where nothing has
    /// come, or a dense one too.</summary>
    public RowGradient? RowGradient => _hasGradient ? null : _rows?.Coalesce();

    internal SplitHome? Home { get; init; }

    /// <summary>A parameter: its gradient lives as long as the tensor's memory and grows over backward passes until it is cleared.</summary>
    /// <exception cref="ArgumentException">The value belongs to a step.</exception>
    public static Variable Leaf(Tensor value)
    {
        if (value.Step != 0)
        {
            throw new ArgumentException($"leaf: {value} belongs to step {value.Step}; a leaf's value is allocated with AllocatePersistent");
        }

        return new Variable(value, requiresGradient: true, isLeaf: true);
    }

    /// <summary>A value without a gradient.</summary>
    public static Variable Constant(Tensor value) => new(value, requiresGradient: false, isLeaf: false);

    /// <summary>Forgets the gradient of a leaf: the next one overwrites it.</summary>
    public void ClearGradient()
    {
        _hasGradient = false;
        _rows?.Clear();
    }

    /// <summary>
    /// Begins a forward pass that uses only these rows of a table, and whose gradients of it are kept by row. The ids are overwritten by their places among the
    /// rows: see <see cref="EmbeddingOperations.CollectRows"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is no leaf.</exception>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public RowGradient CollectRows(params ReadOnlySpan<IndexTensor> ids)
    {
        if (!_isLeaf)
        {
            throw new InvalidOperationException($"collect rows: {this} is no leaf; only a table that is trained has a gradient by row");
        }

        _rows ??= new RowGradients(_value);
        return _rows.Collect(ids);
    }

    /// <summary>
    /// Says that the gradient's memory holds one again, where it ever held one: a backward pass was repeated on the device alone
    /// (<see cref="Engine.Device.Repeat"/>).
    /// </summary>
    public void RestoreGradient() => _hasGradient = _gradient is not null;

    public override string ToString() => $"variable {Shape}";

    internal static Variable OfFunction(Tensor value, bool requiresGradient, SplitHome? home = null) =>
        new(value, requiresGradient, isLeaf: false) { Home = home };

    /// <summary>Where a function's backward puts this variable's gradient: written the first time, added from then on.</summary>
    internal GradientTarget Target()
    {
        if (!RequiresGradient)
        {
            return GradientTarget.None;
        }

        _gradient ??= _isLeaf ? _value.Device.AllocatePersistent(Shape)
            : Home is { } home ? home.Split.GradientOf(home)
            : _value.Device.Allocate(Shape);
        var target = new GradientTarget(_gradient, _hasGradient);
        _hasGradient = true;
        return target;
    }

    /// <summary>What is there of a gradient, for a look at its values.</summary>
    internal Tensor? TracedGradient => _hasGradient ? _gradient : _rows?.Traced;

    /// <summary>The gradient by row of a table whose rows were collected.</summary>
    internal RowGradients Rows => _rows ?? throw new InvalidOperationException($"the rows of {this} were not collected");

    /// <summary>
    /// Takes over a gradient that its maker needs no more, or adds it to the one that is there. Whether it was taken over: then it is this
    /// variable's and nobody else may write or free it.
    /// </summary>
    internal bool Adopt(Tensor gradient)
    {
        if (!RequiresGradient)
        {
            return false;
        }

        if (!_hasGradient && !_isLeaf && Home is null)
        {
            (_gradient, _hasGradient) = (gradient, true);
            return true;
        }

        var target = Target();
        if (target.Accumulate)
        {
            gradient.Device.Pointwise.Add(gradient, target.Tensor!);
        }
        else
        {
            gradient.Device.Pointwise.Copy(gradient, target.Tensor!);
        }

        return false;
    }

    /// <summary>Hands the gradient over to the backward of the function that made this variable.</summary>
    internal Tensor? DetachGradient()
    {
        var gradient = _hasGradient ? _gradient : null;
        (_gradient, _hasGradient) = (null, false);
        return gradient;
    }

    internal void ReleaseValue() => _value.Device.Release(_value);

    /// <summary>A slice of columns keeps its gradient in the gradient of the whole.</summary>
    internal sealed record SplitHome(Functions.SplitColumns Split, int Start);
}
