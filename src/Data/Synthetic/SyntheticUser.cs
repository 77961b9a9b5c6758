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

    private readonly SyntheticWorld world;
    private readonly GeneratorOptions options;
    private readonly IRandomStream random;
    private readonly Interest[] interests;
    private readonly int[] lastTakenBy;
    private int number;
    private double point;
    private double bias;
    private double time;
    private int current;

    public SyntheticUser(SyntheticWorld world, GeneratorOptions options, IRandomStream random)
    {
        this.world = world;
        this.options = options;
        this.random = random;
        interests = new Interest[options.Interests];
        lastTakenBy = new int[world.ItemCount + 1];
    }

    /// <summary>A category, a series of it, and the part that comes next (possibly beyond the last).</summary>
    internal record struct Interest(int Category, int Series, int NextPart);

    /// <summary>Side attribute of the user.</summary>
    public int Group { get; private set; }

    internal ReadOnlySpan<Interest> Interests => interests;

    /// <summary>The interest of the last event.</summary>
    internal int Current => current;

    /// <summary>Becomes the next user, whose events begin at this time.</summary>
    public void Begin(double start)
    {
        number++;
        time = start;
        Group = world.DrawGroup(random);
        point = world.CentreOf(Group) + random.NextNormal() * world.CategoryCount / (2.0 * SyntheticWorld.Groups);
        bias = 0.4 * random.NextNormal();
        for (var i = 0; i < interests.Length; i++)
        {
            interests[i] = NewInterest();
        }

        current = random.NextBelow(interests.Length);
    }

    /// <summary>Lets time pass until the next event; a new session may come with another interest.</summary>
    public void Wait()
    {
        if (!random.NextBool(1 / options.SessionLength))
        {
            time += random.NextLogNormal(3 * Minute, 0.8);
            return;
        }

        var isLong = random.NextBool(LongPauseProbability);
        var days = isLong ? LongPauseDays + random.NextExponential(LongPauseDays) : 0.3 + random.NextExponential(1.5);
        time += days * Day;
        point += 0.15 * Math.Sqrt(days) * random.NextNormal();
        if (random.NextBool(isLong ? ChangeAfterLongPause : ChangeAfterShortPause))
        {
            current = random.NextBelow(interests.Length);
            interests[current] = NewInterest();
        }
    }

    /// <summary>The event that happens now; false where nothing that the user has not had yet is found.</summary>
    public bool TryTake(out SyntheticEvent taken)
    {
        taken = default;
        var stray = random.NextBool(options.StrayProbability);
        if (!(stray ? TryStray(out var item) : TryFollow(out item)))
        {
            return false;
        }

        lastTakenBy[item] = number;
        var liking = 3.6 + bias + world.Quality[item] + (stray ? -0.5 : 0.2) + 0.7 * random.NextNormal();
        var rating = (float)Math.Clamp(Math.Round(liking), 1, 5);
        var will = random.NextUnit() + 0.06 * (rating - 3);
        var behaviour = will > 0.93 ? SyntheticBehaviour.Buy : will > 0.8 ? SyntheticBehaviour.Cart : SyntheticBehaviour.View;
        taken = new SyntheticEvent(item, (long)time, rating, behaviour);
        return true;
    }

    internal bool HasTaken(int item) => lastTakenBy[item] == number;

    private bool TryStray(out int item)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            item = world.DrawItem(random);
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
        current = interests.Length == 1 || random.NextBool(options.StayProbability)
            ? current
            : (current + 1 + random.NextBelow(interests.Length - 1)) % interests.Length;
        ref var interest = ref interests[current];
        if (random.NextBool(options.AbandonProbability))
        {
            interest = OtherSeries(interest.Category);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            while (interest.NextPart < world.LengthOf(interest.Series))
            {
                item = world.Item(interest.Series, interest.NextPart++);
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
        => OtherSeries(world.CategoryAt(point + random.NextNormal() * world.CategoryCount / (1.5 * SyntheticWorld.Groups)));

    private Interest OtherSeries(int category) => new(category, world.DrawSeries(category, random), 0);
}
