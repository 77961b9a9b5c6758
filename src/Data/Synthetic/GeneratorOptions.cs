using System.Globalization;

namespace LargeRec.Data.Synthetic;

/// <summary>How large a generated log is and how its users behave.</summary>
public sealed record GeneratorOptions
{
    public int Users { get; init; } = 2000;

    /// <summary>At least 20.</summary>
    public int Items { get; init; } = 1000;

    /// <summary>The same seed gives the same log.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Median of the log-normal number of events a user, before it is cut to the two bounds.</summary>
    public double MedianEvents { get; init; } = 43;

    /// <summary>Standard deviation of the logarithm of the number of events.</summary>
    public double EventsSpread { get; init; } = 0.6;

    public int MinEvents { get; init; } = 5;

    /// <summary>Also never more than half of the items, as users do not return to an item.</summary>
    public int MaxEvents { get; init; } = 200;

    /// <summary>Interests that a user follows side by side; each is a category and a series in it.</summary>
    public int Interests { get; init; } = 3;

    /// <summary>Categories of items; null for the square root of the items over 1.3.</summary>
    public int? Categories { get; init; }

    /// <summary>Mean parts of a series.</summary>
    public double SeriesLength { get; init; } = 8;

    /// <summary>The popularity of the series of rank r is r to the power of minus this.</summary>
    public double PopularityExponent { get; init; } = 0.9;

    /// <summary>Probability that the next event stays with the interest of the last one. Small: what follows is mostly not decided by the last item
    /// alone.</summary>
    public double StayProbability { get; init; } = 0.02;

    /// <summary>Probability that an event belongs to no interest and is drawn by popularity.</summary>
    public double StrayProbability { get; init; } = 0.15;

    /// <summary>Probability that an interest leaves its series for another of the category, at each of its events.</summary>
    public double AbandonProbability { get; init; } = 0.08;

    /// <summary>Mean events of a session.</summary>
    public double SessionLength { get; init; } = 6;

    /// <summary>Options whose logs have about so many events: the median is chosen so that the mean of the lengths, cut to their bounds, is events /
    /// users.</summary>
    /// <exception cref="ArgumentException">Users cannot have so many or so few.</exception>
    public GeneratorOptions WithEvents(long events)
    {
        var most = Math.Min(MaxEvents, Items / 2);
        var mean = (double)events / Users;
        if (!(mean >= MinEvents && mean <= 0.9 * most))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"generator: {events} events of {Users} users are {mean:0.##} a user; possible are {MinEvents} to {0.9 * most:0} (a user has no item twice, "
                + $"nor more than half of them)"));
        }

        var (low, high) = (0.01, 100.0 * most);
        for (var i = 0; i < 100; i++)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = MeanLength(middle, most) < mean ? (middle, high) : (low, middle);
        }

        return this with { MedianEvents = low };
    }

    /// <summary>The mean of the log-normal lengths, cut to their bounds: an integral over the standard normal.</summary>
    private double MeanLength(double median, int most)
    {
        const int Points = 4000;
        const double Range = 7;
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i <= Points; i++)
        {
            var z = Range * (2.0 * i / Points - 1);
            var weight = Math.Exp(-z * z / 2);
            sum += weight * Math.Clamp(Math.Floor(median * Math.Exp(EventsSpread * z)), MinEvents, most);
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>Throws where a value is impossible.</summary>
    /// <exception cref="ArgumentException">One is; it is named.</exception>
    public void Validate()
    {
        Require(Users >= 1, nameof(Users), Users, "at least 1");
        Require(Items >= 20, nameof(Items), Items, "at least 20");
        Require(MedianEvents > 0, nameof(MedianEvents), MedianEvents, "positive");
        Require(EventsSpread >= 0, nameof(EventsSpread), EventsSpread, "not negative");
        Require(MinEvents >= 1, nameof(MinEvents), MinEvents, "at least 1");
        Require(MaxEvents >= MinEvents, nameof(MaxEvents), MaxEvents, $"at least {nameof(MinEvents)}");
        Require(Interests >= 1, nameof(Interests), Interests, "at least 1");
        Require(Categories is null or >= 1 && !(Categories > Items), nameof(Categories), Categories ?? 0, "at least 1 and at most the items");
        Require(SeriesLength >= 1, nameof(SeriesLength), SeriesLength, "at least 1");
        Require(SessionLength >= 1, nameof(SessionLength), SessionLength, "at least 1");
        Require(StayProbability is >= 0 and <= 1, nameof(StayProbability), StayProbability, "0 to 1");
        Require(StrayProbability is >= 0 and <= 1, nameof(StrayProbability), StrayProbability, "0 to 1");
        Require(AbandonProbability is >= 0 and <= 1, nameof(AbandonProbability), AbandonProbability, "0 to 1");
    }

    private static void Require(bool holds, string name, double given, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"generator: {name} is {given.ToString(System.Globalization.CultureInfo.InvariantCulture)}; allowed is {allowed}");
        }
    }
}
