using System.Security.Cryptography;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Tests.Synthetic;

public sealed class InteractionGeneratorTests
{
    [Test]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_gives_others()
    {
        var first = Hash(1);
        Assert.That(Hash(1), Is.EqualTo(first));
        Assert.That(Hash(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void Users_do_not_return_to_an_item_and_time_does_not_run_backwards()
    {
        var log = Generate(new GeneratorOptions { Users = 300 });
        var sequences = InteractionSequences.From(log);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var range = sequences.Offsets[user]..sequences.Offsets[user + 1];
            Assert.That(sequences.Items[range].ToArray(), Is.Unique);
        }

        for (var i = 1; i < log.Count; i++)
        {
            Assert.That(log.Users[i] != log.Users[i - 1] || log.Times[i] >= log.Times[i - 1], Is.True, $"event {i}");
        }
    }

    [Test]
    public void Lengths_lie_within_their_bounds_about_the_median()
    {
        var statistics = SequenceStatistics.Of(InteractionSequences.From(Generate(new GeneratorOptions())));
        Assert.That(statistics.Users, Is.EqualTo(2000));
        Assert.That(statistics.MinLength, Is.GreaterThanOrEqualTo(5));
        Assert.That(statistics.MaxLength, Is.LessThanOrEqualTo(200));
        Assert.That(statistics.MedianLength, Is.EqualTo(43).Within(4));
        Assert.That(statistics.MeanLength, Is.EqualTo(50).Within(4));
    }

    [Test]
    public void Popularity_has_a_head_and_a_tail()
    {
        var counts = new int[1001];
        foreach (var item in Generate(new GeneratorOptions()).Items)
        {
            counts[item]++;
        }

        var sorted = counts.OrderDescending().ToArray();
        Assert.That(sorted[..100].Sum(), Is.GreaterThan(0.25 * sorted.Sum()), "the tenth of the items most taken");
        Assert.That(sorted[500..].Sum(), Is.LessThan(0.3 * sorted.Sum()), "the half of the items least taken");
    }

    [Test]
    public void Events_come_in_bursts_with_pauses_of_days()
    {
        var log = Generate(new GeneratorOptions { Users = 300 });
        var gaps = Enumerable.Range(1, log.Count - 1).Where(i => log.Users[i] == log.Users[i - 1]).Select(i => (log.Times[i] - log.Times[i - 1]) / 60_000.0)
            .ToArray();
        Assert.That(gaps.Count(minutes => minutes < 60) / (double)gaps.Length, Is.InRange(0.75, 0.9));
        Assert.That(gaps.Count(minutes => minutes > 14 * 24 * 60) / (double)gaps.Length, Is.InRange(0.02, 0.08));
    }

    [Test]
    public void Every_item_is_a_candidate_with_a_title_that_names_its_category_and_titles_differ()
    {
        var log = Generate(new GeneratorOptions { Users = 20, Items = 3000, Categories = 40 });
        var category = log.ItemInformation.Single(information => information.Name == "category");
        var titles = new HashSet<string>();
        foreach (var item in log.Catalogue.Candidates)
        {
            var title = log.Catalogue.GetTitle(item)!;
            Assert.That(title, Does.EndWith($"({category[item]})"));
            Assert.That(titles.Add(title), Is.True, title);
        }

        Assert.That(titles, Has.Count.EqualTo(3000));
        Assert.That(log.UserInformation.Single().Codes, Has.Count.EqualTo(20));
    }

    [TestCase(20, 1)]
    [TestCase(20, 20)]
    [TestCase(21, null)]
    public void Small_worlds_work(int items, int? categories)
        => Assert.That(Generate(new GeneratorOptions { Users = 50, Items = items, Categories = categories, MinEvents = 1 }).Count, Is.GreaterThan(50));

    [Test]
    public void Impossible_options_are_named()
    {
        Assert.That(() => Generate(new GeneratorOptions { Items = 3 }),
            Throws.ArgumentException.With.Message.EqualTo("generator: Items is 3; allowed is at least 20"));
        Assert.That(() => Generate(new GeneratorOptions { StrayProbability = double.NaN }), Throws.ArgumentException.With.Message.Contains("StrayProbability"));
    }

    private static EventLog Generate(GeneratorOptions options) => InteractionGenerator.Generate(options, seed => new SplitMix(seed));

    private static string Hash(ulong seed)
    {
        using var csv = new MemoryStream();
        EventLogWriter.WriteCsv(Generate(new GeneratorOptions { Users = 100, Seed = seed }), csv);
        return Convert.ToHexString(SHA256.HashData(csv.ToArray()));
    }
}
