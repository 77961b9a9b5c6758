using LargeRec.Engine.Operations;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;
using LargeRec.Models;

namespace LargeRec.Training.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) over all parameters in one group, nothing exempt from decay. By default dense: rows of a table that a batch does not
/// touch still move by their momentum, as in the published runs; <see cref="AdamWOptions.Table"/> chooses otherwise for embedding tables.
/// </summary>
public sealed class AdamW
{
    private readonly AdamWOptions _options;
    private readonly State[] _states;

    public AdamW(IReadOnlyList<Parameter> parameters, AdamWOptions options)
    {
        _options = options;
        _states = [.. parameters.Select(p => new State(p, Zeros(p, p.Shape), Zeros(p, HasMomentOfRows(p) ? Shape.Vector(p.Shape.Rows) : p.Shape)))];
    }

    /// <summary>Updates done so far.</summary>
    public long Step { get; private set; }

    /// <summary>The learning rate where an update is given no other.</summary>
    public double LearningRate => _options.LearningRate;

    /// <summary>Each parameter's name with its moments, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor FirstMoment, Tensor SecondMoment)> Moments =>
        _states.Select(s => (s.Parameter.Name, s.FirstMoment, s.SecondMoment));

    /// <summary>Moves every parameter that has a gradient, and forgets the gradients.</summary>
    /// <param name="learningRate">This update's; null for the options'.</param>
    /// <param name="gradientScale">What every gradient counts, below 1 where they are clipped.</param>
    public void Update(double? learningRate = null, float gradientScale = 1)
    {
        Step++;
        var step = new AdamWStep(learningRate ?? _options.LearningRate, _options.Beta1, _options.Beta2, _options.Epsilon, _options.WeightDecay, Step)
        {
            GradientScale = gradientScale,
        };
        if (_states.Length > 0 && Array.TrueForAll(_states, s => s.Parameter.Variable.Gradient is not null))
        {
            _states[0].Parameter.Value.Device.Repeat(new StepKey(this), new StepValues { Update = step }, () => UpdateAll(step));
        }
        else
        {
            // Which have none may change from update to update.
            UpdateAll(step);
        }

        foreach (var state in _states)
        {
            state.Parameter.Variable.ClearGradient();
        }
    }

    /// <summary>Goes on after so many updates, with the moments as they are now.</summary>
    internal void Resume(long step) => Step = step;

    private void UpdateAll(AdamWStep step)
    {
        foreach (var (parameter, firstMoment, secondMoment) in _states)
        {
            var operations = parameter.Value.Device.Optimizer;
            if (parameter.Variable.Gradient is { } gradient)
            {
                // Every row is a used one, so that the lazy update is the dense one.
                if (HasMomentOfRows(parameter))
                {
                    operations.RowwiseAdamW(parameter.Value, gradient, firstMoment, secondMoment, step);
                }
                else
                {
                    operations.AdamW(parameter.Value, gradient, firstMoment, secondMoment, step);
                }
            }
            else if (parameter.Variable.RowGradient is { } rows)
            {
                UpdateRows(operations, parameter, rows, firstMoment, secondMoment, step);
            }
        }
    }

    private static Tensor Zeros(Parameter parameter, Shape shape) => parameter.Value.Device.AllocatePersistent(shape);

    private bool HasMomentOfRows(Parameter parameter) => parameter.IsTable && _options.Table == TableOptimizer.RowwiseAdamW;

    private void UpdateRows(OptimizerOperations operations, Parameter parameter, RowGradient gradient, Tensor firstMoment, Tensor secondMoment,
        in AdamWStep step)
    {
        switch (parameter.IsTable ? _options.Table : TableOptimizer.AdamW)
        {
            case TableOptimizer.LazyAdamW:
                operations.LazyAdamW(parameter.Value, gradient, firstMoment, secondMoment, step);
                break;
            case TableOptimizer.RowwiseAdamW:
                operations.RowwiseAdamW(parameter.Value, gradient, firstMoment, secondMoment, step);
                break;
            default:
                operations.AdamW(parameter.Value, gradient, firstMoment, secondMoment, step);
                break;
        }
    }

    private sealed record State(Parameter Parameter, Tensor FirstMoment, Tensor SecondMoment);
}
