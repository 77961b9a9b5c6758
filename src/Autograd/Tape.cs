using LargeRec.Engine;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd;

/// <summary>
/// The record of a step's computation, for one backward pass. Make one a step; what is computed through it is recorded as long as an
/// input requires a gradient and no <see cref="NoGrad"/> is in force.
/// </summary>
/// <param name="device">Where everything on the tape lives.</param>
/// <param name="traceNonFinite">Check every value and gradient as it is made, and name the function at the first NaN or infinity: slow.</param>
public sealed class Tape(Device device, bool traceNonFinite = false)
{
    private readonly List<Function> _functions = [];
    private int _noGradDepth;
    private bool _done;
    private Tensor? _seed;
    private Tensor? _adopted;

    public Device Device { get; } = device;

    /// <summary>Whether what is computed now is recorded.</summary>
    public bool IsRecording => _noGradDepth == 0;

    /// <summary>Functions on record.</summary>
    public int Count => _functions.Count;

    /// <summary>Nothing is recorded until the result is disposed.</summary>
    public NoGradScope NoGrad() => new(this);

    /// <summary>
    /// Computes the gradients of all leaves that the loss depends on, last function first. Each function's values, gradients and saved tensors are freed
    /// as soon as it is done; only the loss's own value stays.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loss is no scalar, was not recorded here, or the pass has been run before.</exception>
    public void Backward(Variable loss)
    {
        ThrowIfDone();
        if (loss.Shape.Count != 1)
        {
            throw new InvalidOperationException($"backward: the loss has shape {loss.Shape} and must be a scalar; reduce it first, or say which gradient "
                + "to start from.");
        }

        ThrowIfNotRecorded(loss);
        _seed = Device.Allocate(loss.Shape);
        Device.Pointwise.Fill(_seed, 1);
        Start(loss, _seed);
    }

    /// <summary>The same for an output of any shape, starting from a given dL/doutput: the gradients of L = Σ gradient·output.</summary>
    /// <param name="output">Recorded on this tape.</param>
    /// <param name="gradient">Of the output's shape; it is copied.</param>
    /// <exception cref="ArgumentException">The gradient has another shape or lives on another device.</exception>
    /// <exception cref="InvalidOperationException">The output was not recorded here, or the pass has been run before.</exception>
    public void Backward(Variable output, Tensor gradient)
    {
        ThrowIfDone();
        ThrowIfNotRecorded(output);
        if (gradient.Rows != output.Shape.Rows || gradient.Columns != output.Shape.Columns)
        {
            throw new ArgumentException($"backward: the gradient {gradient.Shape} must have the shape of the output {output.Shape}");
        }

        var start = Device.Allocate(output.Shape);
        Device.Pointwise.Copy(gradient, start);
        Start(output, start);
    }

    /// <summary>Puts a function and its output on the record; called by the functions' Apply.</summary>
    internal Variable Record(SingleOutputFunction function, Tensor output, params ReadOnlySpan<Variable?> inputs) =>
        Record(function, [Variable.OfFunction(output, RequiresGradient(function, inputs))], inputs)[0];

    internal Variable[] Record(Function function, Variable[] outputs, params ReadOnlySpan<Variable?> inputs)
    {
        Device.Profile?.Mark(function.Name, ProfilePhase.Forward);
        if (traceNonFinite)
        {
            foreach (var output in outputs)
            {
                CheckFinite(output.Value, function, "its value");
            }
        }

        if (outputs[0].RequiresGradient)
        {
            function.Attach(this, outputs, traceNonFinite ? inputs.ToArray() : []);
            _functions.Add(function);
        }

        return outputs;
    }

    /// <summary>Whether a function of these inputs is to be recorded; checks that they are on the tape's device.</summary>
    internal bool RequiresGradient(Function function, params ReadOnlySpan<Variable?> inputs)
    {
        if (_done)
        {
            throw new InvalidOperationException($"{function.Name}: this tape's backward pass has been run; make a new tape for the next step.");
        }

        var requires = false;
        foreach (var input in inputs)
        {
            if (input is null)
            {
                continue;
            }

            if (!ReferenceEquals(input.Value.Device, Device))
            {
                throw new ArgumentException($"{function.Name}: an input {input.Shape} is on device '{input.Value.Device.Name}', the tape is on "
                    + $"'{Device.Name}'; all must be on one device");
            }

            requires |= input.RequiresGradient;
        }

        return requires && IsRecording;
    }

    /// <summary>Whether this gradient is the 1 that the backward pass starts with; false once another variable has taken it over and may have added to
    /// it.</summary>
    internal bool IsSeed(Tensor gradient) => ReferenceEquals(gradient, _seed);

    internal void Give(Variable input, Tensor gradient)
    {
        if (ReferenceEquals(gradient, _adopted))
        {
            // Given away once already: the second receiver gets a copy.
            var target = input.Target();
            if (target.IsWanted)
            {
                if (target.Accumulate)
                {
                    Device.Pointwise.Add(gradient, target.Tensor!);
                }
                else
                {
                    Device.Pointwise.Copy(gradient, target.Tensor!);
                }
            }
        }
        else if (input.Adopt(gradient))
        {
            _adopted = gradient;
            if (IsSeed(gradient))
            {
                _seed = null;
            }
        }
    }

    private void ThrowIfDone()
    {
        if (_done)
        {
            throw new InvalidOperationException("backward: this tape's backward pass has been run and its values are freed; compute the loss again "
                + "on a new tape.");
        }
    }

    private void ThrowIfNotRecorded(Variable loss)
    {
        if (!loss.RequiresGradient || !_functions.Exists(f => f.Outputs.Contains(loss)))
        {
            throw new InvalidOperationException(
                "backward: the loss was not recorded on this tape: it depends on nothing that requires a gradient, or was computed under NoGrad or "
                + "on another tape.");
        }
    }

    private void Start(Variable loss, Tensor gradient)
    {
        _done = true;
        loss.Adopt(gradient);
        for (var i = _functions.Count - 1; i >= 0; i--)
        {
            Backward(_functions[i], loss);
        }

        _functions.Clear();
    }

    private void Backward(Function function, Variable loss)
    {
        var outputs = function.Outputs;
        var gradients = new Tensor?[outputs.Count];
        var any = false;
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] = outputs[i].DetachGradient();
            any |= gradients[i] is not null;
        }

        if (any)
        {
            _adopted = null;
            function.BackwardAll(gradients);
            Device.Profile?.Mark(function.Name, ProfilePhase.Backward);
            foreach (var input in function.TracedInputs)
            {
                if (input?.TracedGradient is { } gradient)
                {
                    CheckFinite(gradient, function, "the gradient that its backward pass made of an input");
                }
            }
        }

        function.ReleaseSaved();
        if (!function.OwnsOutputs)
        {
            return;
        }

        foreach (var gradient in gradients)
        {
            if (gradient is not null && !ReferenceEquals(gradient, _adopted))
            {
                Device.Release(gradient);
            }
        }

        foreach (var output in outputs)
        {
            if (!ReferenceEquals(output, loss))
            {
                output.ReleaseValue();
            }
        }
    }

    private void CheckFinite(Tensor tensor, Function function, string what)
    {
        if (!Device.Reduction.AllFinite(tensor))
        {
            throw new NonFiniteException($"{function.Name}: {what} {tensor.Shape} holds NaN or infinity", function.Name);
        }
    }

    /// <summary>Ends a <see cref="NoGrad"/> when disposed.</summary>
    public sealed class NoGradScope : IDisposable
    {
        private Tape? _tape;

        internal NoGradScope(Tape tape)
        {
            _tape = tape;
            tape._noGradDepth++;
        }

        public void Dispose()
        {
            if (_tape is not null)
            {
                _tape._noGradDepth--;
                _tape = null;
            }
        }
    }
}
