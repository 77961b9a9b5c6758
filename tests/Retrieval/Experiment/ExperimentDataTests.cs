using LargeRec.Data.Events;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Retrieval.Tests.Experiment;

public sealed class ExperimentDataTests
{
    [Test]
    public void The_fingerprint_tells_events_order_and_split_apart()
    {
        string[] prints =
        [
            SmallData.Of([[1, 2, 3, 4]]).Fingerprint(),
            SmallData.Of([[1, 2, 3, 2]]).Fingerprint(),
            SmallData.Of([[1, 2], [3, 4]]).Fingerprint(),
            SmallData.Of([[1, 2, 3, 4]], "data.split=published").Fingerprint(),
        ];
        Assert.That(SmallData.Of([[1, 2, 3, 4]]).Fingerprint(), Is.EqualTo(prints[0]));
        Assert.That(prints, Is.Unique);
    }

    [Test]
    public void The_generated_log_depends_on_its_own_seed_alone()
    {
        Assert.That(SmallData.Generated("training.seed=5").Fingerprint(), Is.EqualTo(SmallData.Generated().Fingerprint()));
        Assert.That(SmallData.Generated("data.generator.seed=5").Fingerprint(), Is.Not.EqualTo(SmallData.Generated().Fingerprint()));
    }

    [TestCase("both")]
    [TestCase("time")]
    public void A_bias_by_time_needs_times(string bias)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["events.csv"], "user,item\na,1\na,2\n");
        string[] overrides = [$"data.file={folder["events.csv"]}", $"model.bias={bias}"];
        Assert.That(
            () => ExperimentData.Open(EmbeddedConfigurations.Find("csv").Read(overrides), null),
            Throws.InstanceOf<ConfigurationException>().With.Message.Contains($"model.bias is {bias}, but").And.Message.Contains("--set model.bias=position"));
    }

    [Test]
    public void Users_of_one_event_cannot_be_tested() =>
        Assert.That(() => SmallData.Of([[1], [2]]), Throws.InstanceOf<DataFormatException>().With.Message.Contains("no user has 2 events"));
}
