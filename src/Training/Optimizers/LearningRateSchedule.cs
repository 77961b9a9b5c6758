using LargeRec.Retrieval.Configuration;

namespace LargeRec.Training.Optimizers;

/// <summary>
/// The learning rate as a pure function of the step: a linear rise over the warm-up, then constant, or half a cosine (Loshchilov and Hutter 2017, without
/// restarts) down to a final rate at the last step. There is no state to save.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly double _rate;
    private readonly double _final;
    private readonly long _warmup;
    private readonly long? _steps;

    private LearningRateSchedule(double rate, double final, long warmup, long? steps) => (_rate, _final, _warmup, _steps) = (rate, final, warmup, steps);

    /// <summary>lr(t) = rate · min(1, t / warmup).</summary>
    public static LearningRateSchedule Constant(double rate, long warmup = 0) => new(rate, rate, warmup, null);

    /// <summary>As <see cref="Constant"/> up to the warm-up's end w, then lr(t) = final + (rate − final) · (1 + cos(π · (t − w) / (steps − w))) / 2.</summary>
    /// <param name="steps">The last step, where the rate is <paramref name="final"/>; it stays there.</param>
    public static LearningRateSchedule Cosine(double rate, double final, long steps, long warmup = 0) => new(rate, final, warmup, steps);

    /// <summary>The schedule of a configuration.</summary>
    /// <param name="steps">Steps of the whole run.</param>
    public static LearningRateSchedule Of(OptimizerConfiguration configuration, long steps) => configuration.Schedule switch
    {
        ScheduleSetting.Constant => Constant(configuration.LearningRate, configuration.WarmupSteps),
        ScheduleSetting.Cosine => Cosine(configuration.LearningRate, configuration.FinalLearningRate, steps, configuration.WarmupSteps),
        _ => throw new ConfigurationException($"optimizer.schedule {configuration.Schedule} is not known"),
    };

    /// <summary>The rate of an update.</summary>
    /// <param name="step">From 1.</param>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        if (step < _warmup)
        {
            return _rate * step / _warmup;
        }

        if (_steps is not { } steps || step == _warmup)
        {
            return _rate;
        }

        return step >= steps ? _final : _final + ((_rate - _final) * (1 + Math.Cos(Math.PI * (step - _warmup) / (steps - _warmup))) / 2);
    }
}
