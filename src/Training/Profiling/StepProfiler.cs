using LargeRec.Engine.Cpu;
using LargeRec.Engine.Profiling;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Training.Profiling;

/// <summary>Profiles some steps of a run, after those that warm up, and writes profile.json as soon as they are done.</summary>
internal sealed class StepProfiler
{
    /// <summary>Steps before the first that is profiled: memory is touched and code compiled in them.</summary>
    public const int WarmUp = 5;

    private readonly TrainingSession _session;
    private readonly int _wanted;
    private readonly StepProfile _profile = new(TimeProvider.System);
    private int _begun;

    /// <param name="wanted">Steps to profile; 0 for none.</param>
    /// <param name="stepsLeft">Steps that this process will train.</param>
    /// <exception cref="ConfigurationException">The run has not so many steps left.</exception>
    /// <exception cref="ArgumentException">The device is not the CPU's: launches on others return before they are done.</exception>
    public StepProfiler(TrainingSession session, int wanted, long stepsLeft)
    {
        (_session, _wanted) = (session, wanted);
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        if (wanted == 0)
        {
            return;
        }

        if (session.Device is not CpuDevice)
        {
            throw new ArgumentException($"profile: only the CPU device is profiled, this is '{session.Device.Name}'; train on cpu");
        }

        if (stepsLeft < wanted + WarmUp)
        {
            throw new ConfigurationException(
                $"profile: {wanted} steps after {WarmUp} that warm up are {wanted + WarmUp}, and the run has {stepsLeft} to train; profile fewer, or take "
                + $"more training.epochs");
        }
    }

    /// <summary>What was seen; null until the steps wanted are done.</summary>
    public StepProfile? Result { get; private set; }

    private bool IsActive => _begun > WarmUp && _begun <= WarmUp + _wanted;

    /// <summary>A step begins.</summary>
    public void Begin(long step)
    {
        _begun++;
        if (IsActive)
        {
            _session.Device.Profile = _profile;
            _profile.BeginStep(step);
        }
    }

    /// <summary>The training is over, by its end or by an exception: the device is told no longer, and a profile that did not come is said.</summary>
    public void LeaveDevice(ITrainingObserver? observer)
    {
        _session.Device.Profile = null;
        if (_wanted > 0 && Result is null)
        {
            observer?.Note("profile: the training ended before the steps to profile did; none was written");
        }
    }

    /// <summary>The step is over.</summary>
    public void End(RunRecorder recorder, ITrainingObserver? observer)
    {
        if (!IsActive)
        {
            return;
        }

        _profile.EndStep();
        _session.Device.Profile = null;
        if (_begun == WarmUp + _wanted)
        {
            var path = recorder.WriteProfile(_profile, _session.Device.Name);
            Result = _profile;
            observer?.Note($"{_wanted} steps profiled: {path}");
        }
    }
}
