namespace LargeRec.Data.Synthetic;

/// <summary>
/// The walk of one user. A point on the ring of categories drifts as time goes by; some interests near it run side by side, each with a
/// series that is taken part by part. An event mostly turns to another interest than the last event's, so what comes next is decided by
/// events further back; a long pause mostly brings a new interest. No item comes twice.
/// </summary>
internal sealed class SyntheticUser
{
    private const double Minute = 60_000;
    private const double Day = 24 * 60 * Minute;
    private const double LongPauseDays = 14;
    private const double LongPauseProbability = 0.25;
    private const double ChangeAfterLongPause = 0.7;
    private const double ChangeAfterShortPause = 0.05;
    private const int Attempts = 30;

    private readonly SyntheticWorld _world;
    private readonly GeneratorOptions _options;
    private readonly IRandomStream _random;
    private readonly Interest[] _interests;
    private readonly int[] _lastTakenBy;
    private int _number;
    private double _point;
    private double _bias;
    private double _time;
    private int _current;

    public SyntheticUser(SyntheticWorld world, GeneratorOptions options, IRandomStream random)
    {
        _world = world;
        _options = options;
        _random = random;
        _interests = new Interest[options.Interests];
        _lastTakenBy = new int[world.ItemCount + 1];
    }

    /// <summary>A category, a series of it, and the part that comes next (possibly beyond the last).</summary>
    internal record struct Interest(int Category, int Series, int NextPart);

    /// <summary>Side attribute of the user.</summary>
    public int Group { get; private set; }

    internal ReadOnlySpan<Interest> Interests => _interests;

    /// <summary>The interest of the last event.</summary>
    internal int Current => _current;

    /// <summary>Becomes the next user, whose events begin at this time.</summary>
    public void Begin(double start)
    {
        _number++;
        _time = start;
        Group = _world.DrawGroup(_random);
        _point = _world.CentreOf(Group) + _random.NextNormal() * _world.CategoryCount / (2.0 * SyntheticWorld.Groups);
        _bias = 0.4 * _random.NextNormal();
        for (var i = 0; i < _interests.Length; i++)
        {
            _interests[i] = NewInterest();
        }

        _current = _random.NextBelow(_interests.Length);
    }

    /// <summary>Lets time pass until the next event; a new session may come with another interest.</summary>
    public void Wait()
    {
        if (!_random.NextBool(1 / _options.SessionLength))
        {
            _time += _random.NextLogNormal(3 * Minute, 0.8);
            return;
        }

        var isLong = _random.NextBool(LongPauseProbability);
        var days = isLong ? LongPauseDays + _random.NextExponential(LongPauseDays) : 0.3 + _random.NextExponential(1.5);
        _time += days * Day;
        _point += 0.15 * Math.Sqrt(days) * _random.NextNormal();
        if (_random.NextBool(isLong ? ChangeAfterLongPause : ChangeAfterShortPause))
        {
            _current = _random.NextBelow(_interests.Length);
            _interests[_current] = NewInterest();
        }
    }

    /// <summary>The event that happens now; false where nothing that the user has not had yet is found.</summary>
    public bool TryTake(out SyntheticEvent taken)
    {
        taken = default;
        var stray = _random.NextBool(_options.StrayProbability);
        if (!(stray ? TryStray(out var item) : TryFollow(out item)))
        {
            return false;
        }

        _lastTakenBy[item] = _number;
        var liking = 3.6 + _bias + _world.Quality[item] + (stray ? -0.5 : 0.2) + 0.7 * _random.NextNormal();
        var rating = (float)Math.Clamp(Math.Round(liking), 1, 5);
        var will = _random.NextUnit() + 0.06 * (rating - 3);
        var behaviour = will > 0.93 ? SyntheticBehaviour.Buy : will > 0.8 ? SyntheticBehaviour.Cart : SyntheticBehaviour.View;
        taken = new SyntheticEvent(item, (long)_time, rating, behaviour);
        return true;
    }

    internal bool HasTaken(int item) => _lastTakenBy[item] == _number;

    private bool TryStray(out int item)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            item = _world.DrawItem(_random);
            if (!HasTaken(item))
            {
                return true;
            }
        }

        item = 0;
        return false;
    }

    private bool TryFollow(out int item)
    {
        _current = _interests.Length == 1 || _random.NextBool(_options.StayProbability)
            ? _current
            : (_current + 1 + _random.NextBelow(_interests.Length - 1)) % _interests.Length;
        ref var interest = ref _interests[_current];
        if (_random.NextBool(_options.AbandonProbability))
        {
            interest = OtherSeries(interest.Category);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            while (interest.NextPart < _world.LengthOf(interest.Series))
            {
                item = _world.Item(interest.Series, interest.NextPart++);
                if (!HasTaken(item))
                {
                    return true;
                }
            }

            // A category that has nothing new left after some tries gives way to another.
            interest = attempt < Attempts / 3 ? OtherSeries(interest.Category) : NewInterest();
        }

        item = 0;
        return false;
    }

    private Interest NewInterest()
        => OtherSeries(_world.CategoryAt(_point + _random.NextNormal() * _world.CategoryCount / (1.5 * SyntheticWorld.Groups)));

    private Interest OtherSeries(int category) => new(category, _world.DrawSeries(category, _random), 0);
}
