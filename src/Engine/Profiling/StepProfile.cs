namespace LargeRec.Engine.Profiling;

/// <summary>
/// Where the time of steps goes. Whoever has just done something marks it; what passed since the mark before belongs to it, so that the stretches fill the step
/// and nothing is counted twice. A device that has one in <see cref="Device.Profile"/> is marked by the tape (every function, forward and backward), by the
/// loss and by the trainer. For devices whose operations are done when they return; nothing that is computed depends on it.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class StepProfile(TimeProvider time)
{
    private const string Rest = "rest";

    private readonly List<ProfiledStep> _steps = [];
    private List<ProfiledStretch>? _stretches;
    private long _number;
    private long _origin;
    private TimeSpan _began;
    private TimeSpan _marked;

    /// <summary>The steps that were ended.</summary>
    public IReadOnlyList<ProfiledStep> Steps => _steps;

    /// <summary>The wall time of all steps together.</summary>
    public TimeSpan Total => new(_steps.Sum(s => s.Duration.Ticks));

    /// <summary>A step begins now.</summary>
    public void BeginStep(long number)
    {
        (_number, _stretches) = (number, []);
        if (_steps.Count == 0)
        {
            _origin = time.GetTimestamp();
        }

        _began = _marked = time.GetElapsedTime(_origin);
    }

    /// <summary>What was done since the last mark, or since the step began. Outside a step nothing is kept.</summary>
    public void Mark(string name, ProfilePhase phase)
    {
        if (_stretches is not null)
        {
            // All from one origin, so that rounding does not add up over the stretches.
            var now = time.GetElapsedTime(_origin);
            _stretches.Add(new ProfiledStretch(name, phase, _marked, now - _marked));
            _marked = now;
        }
    }

    /// <summary>The step is over; what passed since the last mark is its rest.</summary>
    public void EndStep()
    {
        var stretches = _stretches ?? throw new InvalidOperationException("No step was begun.");
        Mark(Rest, ProfilePhase.Rest);
        _steps.Add(new ProfiledStep(_number, _began, _marked - _began, stretches));
        _stretches = null;
    }

    /// <summary>The table: by name and phase, what takes longest first, the rest last.</summary>
    public IReadOnlyList<ProfileRow> Rows()
    {
        var total = Total.TotalMilliseconds;
        return
        [
            .. _steps.SelectMany(step => step.Stretches)
                .GroupBy(stretch => (stretch.Name, stretch.Phase))
                .Select(group => (group.Key, Calls: group.Count(), Milliseconds: group.Sum(stretch => stretch.Duration.TotalMilliseconds)))
                .Select(row => new ProfileRow(row.Key.Name, row.Key.Phase, row.Calls, row.Milliseconds / _steps.Count,
                    total > 0 ? row.Milliseconds / total : 0))
                .OrderBy(row => row.Phase == ProfilePhase.Rest)
                .ThenByDescending(row => row.MillisecondsAStep)
                .ThenBy(row => row.Name, StringComparer.Ordinal)
                .ThenBy(row => row.Phase),
        ];
    }
}
