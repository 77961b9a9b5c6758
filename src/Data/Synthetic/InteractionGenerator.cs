using System.Globalization;
using LargeRec.Data.Events;

namespace LargeRec.Data.Synthetic;

/// <summary>
/// Makes event logs of any size that have what sequential recommenders live on: interests that drift, popularity by a power law, series
/// taken in order but interleaved (so that the last item alone says little), sessions in time with pauses that change interests, ratings,
/// behaviours, and side attributes (user group; item category and brand). Constant time an event.
/// </summary>
public static class InteractionGenerator
{
    private const double Day = 24 * 60 * 60 * 1000.0;

    // 2024-01-01 UTC; users begin within the half year after it.
    private const double FirstDay = 19723 * Day;
    private const double DaysOfBeginnings = 180;
    private const int SeriesOfABrand = 4;
    private const int UsersAReport = 1000;

    /// <summary>Generates a log, user after user. All items are candidates, with or without events; user and item number k have the ids <c>uK</c> and
    /// <c>iK</c>.</summary>
    /// <param name="options">Size and behaviour.</param>
    /// <param name="openRandomStream">From the seed to a stream of random numbers.</param>
    /// <param name="progress">Told now and then how many events there are.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public static EventLog Generate(
        GeneratorOptions options, Func<ulong, IRandomStream> openRandomStream, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        var random = openRandomStream(options.Seed);
        var world = new SyntheticWorld(options, random);
        var user = new SyntheticUser(world, options, random);
        var expected = (long)(1.2 * options.Users * options.MedianEvents);
        var log = new EventLogBuilder("synthetic", EventColumns.Times | EventColumns.Ratings | EventColumns.Behaviours, (int)Math.Min(expected, 1 << 26));
        var groups = new int[options.Users];
        for (var index = 0; index < options.Users; index++)
        {
            if (index % UsersAReport == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(log.Users.Count);
            }

            user.Begin(FirstDay + random.NextUnit() * DaysOfBeginnings * Day);
            groups[index] = user.Group;
            var length = DrawLength(options, random);
            for (var i = 0; i < length && user.TryTake(out var taken); i++)
            {
                log.Add(index, taken.Item, taken.Time, taken.Rating, (byte)taken.Behaviour);
                user.Wait();
            }
        }

        foreach (var behaviour in new[] { SyntheticBehaviour.View, SyntheticBehaviour.Cart, SyntheticBehaviour.Buy })
        {
            log.BehaviourNames.Add(behaviour.ToString().ToLowerInvariant());
        }

        Describe(log, world, groups);
        log.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"generated: seed {options.Seed}, {options.Users} users, {options.Items} items, {log.Users.Count} events"));
        return log.Build(Ids('u', options.Users), ItemVocabulary.Dense(Ids('i', options.Items), Titles(world)));
    }

    internal static int DrawLength(GeneratorOptions options, IRandomStream random)
    {
        var most = Math.Max(options.MinEvents, Math.Min(options.MaxEvents, options.Items / 2));
        return (int)Math.Clamp(random.NextLogNormal(options.MedianEvents, options.EventsSpread), options.MinEvents, most);
    }

    private static void Describe(EventLogBuilder log, SyntheticWorld world, int[] groups)
    {
        log.UserInformation.Add(new SideInformation("group", groups, [.. Enumerable.Range(1, SyntheticWorld.Groups).Select(g => $"group {g}")]));
        log.ItemInformation.Add(new SideInformation("category", world.CategoryOfItem,
            [.. Enumerable.Range(0, world.CategoryCount).Select(SyntheticNames.Category)]));
        var brands = Array.ConvertAll(world.SeriesOfItem, series => series / SeriesOfABrand);
        log.ItemInformation.Add(new SideInformation("brand", brands, [.. Enumerable.Range(1, brands.Max() + 1).Select(b => $"brand {b}")]));
    }

    private static Vocabulary Ids(char prefix, int count)
    {
        var ids = new Vocabulary();
        Span<byte> text = stackalloc byte[16];
        text[0] = (byte)prefix;
        for (var number = 1; number <= count; number++)
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(number, text[1..], out var digits);
            ids.GetOrAdd(text[..(1 + digits)]);
        }

        return ids;
    }

    private static string?[] Titles(SyntheticWorld world)
    {
        var titles = new string?[world.ItemCount + 1];
        for (var item = 1; item < titles.Length; item++)
        {
            titles[item] = SyntheticNames.Title(world, item);
        }

        return titles;
    }
}
