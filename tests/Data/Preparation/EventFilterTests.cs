using CsCheck;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class EventFilterTests
{
    private static readonly Gen<(int User, int Item, long Time)[]> Events = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[0, 12]).Array[1, 80];

    [Test]
    public void Nothing_asked_for_changes_nothing()
    {
        var sequences = InteractionSequences.From(Logs.Of([(0, 1, 1)]));
        Assert.That(EventFilter.Apply(sequences, new EventFilterOptions { KCore = 1, MinUserEvents = 1 }), Is.SameAs(sequences));
    }

    [Test]
    public void The_core_is_what_taking_away_again_and_again_leaves()
        => Gen.Select(Events, Gen.Int[2, 4]).Sample((events, k) =>
        {
            var all = InteractionSequences.From(Logs.Of(events));
            var left = ById(all);
            while (left.Any(e => left.Count(o => o.User == e.User) < k || left.Count(o => o.Item == e.Item) < k))
            {
                left = [.. left.Where(e => left.Count(o => o.User == e.User) >= k && left.Count(o => o.Item == e.Item) >= k)];
            }

            AssertLeft(all, new EventFilterOptions { KCore = k }, left);
        });

    [Test]
    public void Minimum_counts_are_taken_once_and_together()
        => Gen.Select(Events, Gen.Int[0, 4], Gen.Int[0, 4]).Sample((events, ofUser, ofItem) =>
        {
            var all = InteractionSequences.From(Logs.Of(events));
            var before = ById(all);
            AssertLeft(
                all,
                new EventFilterOptions { MinUserEvents = ofUser, MinItemEvents = ofItem },
                [.. before.Where(e => before.Count(o => o.User == e.User) >= ofUser && before.Count(o => o.Item == e.Item) >= ofItem)]);
        });

    [Test]
    public void Low_ratings_and_repeats_go_in_this_order()
        => Gen.Select(Events, Gen.Int[0, 40], Gen.Bool).Sample((events, least, drop) =>
        {
            var all = InteractionSequences.From(Logs.Of(events));
            List<(string User, string Item, long Time, float Rating)> left = [.. ById(all).Where(e => e.Rating >= least)];
            if (drop)
            {
                left = [.. left.Where((e, i) => i == 0 || left[i - 1].User != e.User || left[i - 1].Item != e.Item)];
            }

            AssertLeft(all, new EventFilterOptions { MinRating = least, DropRepeats = drop }, left);
        });

    [TestCase("buy", "1 3")]
    [TestCase("buy, cart", "1 2 3")]
    public void Behaviours_are_kept_by_name(string kept, string items)
    {
        var filtered = EventFilter.Apply(Behaving(flags: false), new EventFilterOptions { Behaviours = kept.Split(", ") });
        Assert.That(string.Join(' ', filtered.Items.ToArray()), Is.EqualTo(items));
    }

    [Test]
    public void Of_sets_of_behaviours_those_with_one_of_the_wanted_are_kept()
    {
        // Codes 0 to 2 as sets: none, view, cart.
        var filtered = EventFilter.Apply(Behaving(flags: true), new EventFilterOptions { Behaviours = ["cart"] });
        Assert.That(filtered.Items.ToArray(), Is.EqualTo([1, 3]));
    }

    [Test]
    public void Ids_titles_and_side_information_go_with_their_users_and_items()
    {
        var log = new EventLogBuilder("told", EventColumns.None);
        foreach (var (user, item) in new[] { (0, 1), (1, 2), (1, 3), (1, 3), (2, 3), (2, 2) })
        {
            log.Add(user, item);
        }

        log.UserInformation.Add(new SideInformation("group", [0, 1, 2], ["a", "b", "c"]));
        log.ItemInformation.Add(new SideInformation("kind", [0, 2, 1, 0], ["x", "y", "z"]));
        var filtered = EventFilter.Apply(
            InteractionSequences.From(log.Build(Ids("u", 3), ItemVocabulary.Dense(Ids("i", 3), [null, "One", "Two", "Three"]))),
            new EventFilterOptions { KCore = 2 });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Enumerable.Range(0, filtered.UserCount).Select(filtered.UserIds.GetText), Is.EqualTo(["u1", "u2"]));
            Assert.That(filtered.Items.ToArray(), Is.EqualTo([1, 2, 2, 2, 1]));
            Assert.That(filtered.Catalogue.TableRows, Is.EqualTo(3));
            Assert.That(filtered.Catalogue.GetId(1), Is.EqualTo("i1"));
            Assert.That(filtered.Catalogue.GetTitle(2), Is.EqualTo("Three"));
            Assert.That(filtered.UserInformation[0][0], Is.EqualTo("b"));
            Assert.That(filtered.ItemInformation[0][1], Is.EqualTo("y"));
            Assert.That(filtered.ItemInformation[0][2], Is.EqualTo("x"));
            Assert.That(filtered.Notes[^1], Is.EqualTo("filter 2-core (2 rounds): events 6 -> 5, users 3 -> 2, items 3 -> 2"));
        }
    }

    [Test]
    public void Numbered_items_keep_their_numbers_and_lose_candidates()
    {
        var log = new EventLogBuilder("numbers", EventColumns.None);
        foreach (var (user, item) in new[] { (0, 7), (1, 7), (1, 3) })
        {
            log.Add(user, item);
        }

        var all = InteractionSequences.From(log.Build(Ids("u", 2), ItemVocabulary.Numbered([3, 5, 7])));
        var frequent = EventFilter.Apply(all, new EventFilterOptions { MinItemEvents = 2 });
        Assert.That(frequent.Items.ToArray(), Is.EqualTo([7, 7]));
        Assert.That(frequent.Catalogue.Candidates.ToArray(), Is.EqualTo([7]));
        Assert.That(frequent.Catalogue.TableRows, Is.EqualTo(8));
        Assert.That(EventFilter.Apply(all, new EventFilterOptions { MinUserEvents = 2 }).Catalogue.Candidates.ToArray(), Is.EqualTo([3, 5, 7]),
            "no filter of items: candidates stay");
    }

    [Test]
    public void What_cannot_be_filtered_by_is_said()
    {
        var bare = InteractionSequences.From(Bare());
        Assert.That(() => EventFilter.Apply(bare, new EventFilterOptions { MinRating = 3 }),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("there are no ratings"));
        Assert.That(() => EventFilter.Apply(bare, new EventFilterOptions { Behaviours = ["buy"] }),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("there are no behaviours"));
        Assert.That(
            () => EventFilter.Apply(Behaving(flags: false), new EventFilterOptions { Behaviours = ["sell"] }),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("there is no behaviour 'sell'; the behaviours are view, cart, buy"));
        Assert.That(
            () => EventFilter.Apply(bare, new EventFilterOptions { KCore = 9 }),
            Throws.TypeOf<DataFormatException>().With.Message.EqualTo("bare: the filter 9-core (2 rounds) leaves no event of 1; ask for less"));
    }

    private static EventLog Bare()
    {
        var log = new EventLogBuilder("bare", EventColumns.None);
        log.Add(0, 1);
        return log.Build(Ids("u", 1), ItemVocabulary.Dense(Ids("i", 1)));
    }

    private static InteractionSequences Behaving(bool flags)
    {
        var log = new EventLogBuilder("behaving", EventColumns.Behaviours) { BehavioursAreFlags = flags };
        foreach (var (item, behaviour) in new[] { (1, 2), (2, 1), (3, 2), (4, 0) })
        {
            log.Add(0, item, behaviour: (byte)behaviour);
        }

        foreach (var name in new[] { "view", "cart", "buy" })
        {
            log.BehaviourNames.Add(name);
        }

        return InteractionSequences.From(log.Build(Ids("u", 1), ItemVocabulary.Dense(Ids("i", 4))));
    }

    private static Vocabulary Ids(string prefix, int count)
    {
        var ids = new Vocabulary();
        for (var i = 0; i < count; i++)
        {
            ids.GetOrAdd($"{prefix}{i}");
        }

        return ids;
    }

    private static void AssertLeft(InteractionSequences all, EventFilterOptions options, List<(string User, string Item, long Time, float Rating)> expected)
    {
        if (expected.Count == 0)
        {
            Assert.That(() => EventFilter.Apply(all, options), Throws.TypeOf<DataFormatException>());
            return;
        }

        var left = EventFilter.Apply(all, options);
        Assert.That(ById(left), Is.EqualTo(expected));
        Assert.That(Enumerable.Range(0, left.UserCount).Select(left.LengthOf), options.KeepsAll ? Is.Not.Null : Has.All.Positive);
        if (options.KCore > 1 || options.MinItemEvents > 1)
        {
            Assert.That(left.Catalogue.Candidates.ToArray(), Is.EqualTo(left.Items.ToArray().Distinct().Order()));
        }
    }

    private static List<(string User, string Item, long Time, float Rating)> ById(InteractionSequences sequences)
    {
        var events = new List<(string, string, long, float)>();
        for (var user = 0; user < sequences.UserCount; user++)
        {
            for (var i = sequences.Offsets[user]; i < sequences.Offsets[user + 1]; i++)
            {
                events.Add((sequences.UserIds.GetText(user), sequences.Catalogue.GetId(sequences.Items[i]), sequences.Times[i], sequences.Ratings[i]));
            }
        }

        return events;
    }
}
