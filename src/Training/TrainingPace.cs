using System.Diagnostics;

namespace LargeRec.Training;

/// <summary>How fast a process trains: counts what it does itself, not what an earlier one did before the run was resumed.</summary>
internal sealed class TrainingPace(Stopwatch clock)
{
    private TimeSpan _stepping;
    private TimeSpan _began;
    private TimeSpan _untilFirstStep;
    private TimeSpan _recorded;
    private TimeSpan _logged;
    private long _steps;
    private long _tokens;
    private long _recordedTokens;
    private long _loggedTokens;
    private int _epochsEnded;

    /// <summary>Tokens a second over all steps so far.</summary>
    public double TokensPerSecond => _tokens / _stepping.TotalSeconds;

    /// <summary>A step begins.</summary>
    public void Begin() => _began = clock.Elapsed;

    /// <summary>The step is over.</summary>
    public void End(int tokens)
    {
        var now = clock.Elapsed;
        if (_steps == 0)
        {
            _untilFirstStep = _began;
        }

        _stepping += now - _began;
        _steps++;
        _tokens += tokens;
    }

    public void EndEpoch() => _epochsEnded++;

    /// <summary>Seconds and tokens of the steps since the last call.</summary>
    public (double Seconds, long Tokens) SinceRecorded()
    {
        var since = ((_stepping - _recorded).TotalSeconds, _tokens - _recordedTokens);
        (_recorded, _recordedTokens) = (_stepping, _tokens);
        return since;
    }

    /// <summary>Tokens a second of the steps since the last call; there is at least one.</summary>
    public double RateSinceLogged()
    {
        var rate = (_tokens - _loggedTokens) / (_stepping - _logged).TotalSeconds;
        (_logged, _loggedTokens) = (_stepping, _tokens);
        return rate;
    }

    /// <summary>The time that so many steps and epochs' ends take. Time beside the steps (evaluations, checkpoints) comes again every epoch; what came before
    /// the first step does not.</summary>
    public TimeSpan Remaining(long steps, int epochs)
    {
        var beside = _epochsEnded == 0 ? TimeSpan.Zero : (clock.Elapsed - _stepping - _untilFirstStep) / _epochsEnded * epochs;
        return (_stepping / _steps * steps) + (beside > TimeSpan.Zero ? beside : TimeSpan.Zero);
    }
}
