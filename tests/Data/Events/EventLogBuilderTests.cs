using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class EventLogBuilderTests
{
    [TestCase(1, 1)]
    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    [TestCase(0, 2)]
    public void An_index_outside_of_its_vocabulary_is_refused(int user, int item)
    {
        var ids = new Vocabulary();
        ids.GetOrAdd("only");
        var builder = new EventLogBuilder("test", EventColumns.None);
        builder.Add(user, item);
        Assert.That(() => builder.Build(ids, ItemVocabulary.Dense(ids)), Throws.ArgumentException.With.Message.Contains("allowed are"));
    }

    [Test]
    public void A_behaviour_without_a_name_is_refused()
    {
        var ids = new Vocabulary();
        ids.GetOrAdd("only");
        var builder = new EventLogBuilder("test", EventColumns.Behaviours);
        builder.Add(0, 1, behaviour: 3);
        Assert.That(() => builder.Build(ids, ItemVocabulary.Dense(ids)), Throws.ArgumentException.With.Message.Contains("behaviour 3 has no name"));
    }
}
