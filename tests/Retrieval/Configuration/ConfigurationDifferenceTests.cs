using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class ConfigurationDifferenceTests
{
    [Test]
    public void Only_keys_that_differ_are_named_with_every_value()
    {
        var (a, b, c) = (Read(), Read("model.layers=8", "evaluation.hr=1,5"), Read("model.layers=8", "data.file=x y.csv", "data.name=csv"));
        Assert.That(ConfigurationDifference.Between(a, b).Select(d => $"{d.Key}: {string.Join(" | ", d.Values)}"),
            Is.EqualTo(new[] { "model.layers: 2 | 8", "evaluation.hr: [1,10,50,100,200,500] | [1,5]" }));
        Assert.That(ConfigurationDifference.Between(a, b, c).Select(d => d.Key),
            Is.EqualTo(new[] { "data.name", "data.file", "model.layers", "evaluation.hr" }));
        Assert.That(ConfigurationDifference.Between(a, Read()), Is.Empty);
    }

    [Test]
    public void A_section_that_one_lacks_has_no_value_there()
    {
        var differences = ConfigurationDifference.Between(Read(), Read("data.name=synthetic"));
        Assert.That(differences.Single(d => d.Key == "data.generator.users").Values, Is.EqualTo(new[] { null, "2000" }));
    }

    [Test]
    public void Entries_are_what_set_takes()
    {
        var configuration = Read("data.name=csv", "data.file=my events.csv", "model.dropout=0.125", "evaluation.ndcg=10,20");
        var again = ConfigurationReader.Read("{}", "test", ConfigurationEntries.Of(configuration).Where(e => e.Value != ConfigurationEntries.Nothing)
            .Select(e => $"{e.Key}={e.Value}"));
        Assert.That(ConfigurationWriter.ToJson(again), Is.EqualTo(ConfigurationWriter.ToJson(configuration)));
    }

    private static RunConfiguration Read(params string[] overrides) => ConfigurationReader.Read("{}", "test", overrides);
}
