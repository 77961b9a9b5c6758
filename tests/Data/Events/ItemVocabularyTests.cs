using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class ItemVocabularyTests
{
    [Test]
    public void Dense_items_begin_at_one_and_are_all_candidates()
    {
        var ids = new Vocabulary();
        ids.GetOrAdd("b");
        ids.GetOrAdd("a");
        var items = ItemVocabulary.Dense(ids, [null, "The B"]);
        Assert.That(items.TableRows, Is.EqualTo(3));
        Assert.That(items.Candidates.ToArray(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(items.GetId(1), Is.EqualTo("b"));
        Assert.That(items.GetTitle(1), Is.EqualTo("The B"));
        Assert.That(items.GetTitle(2), Is.Null);
        Assert.That(items.Find("a"), Is.EqualTo(2));
        Assert.That(items.Find("c"), Is.Zero);
    }

    [Test]
    public void Numbered_items_keep_their_numbers()
    {
        var items = ItemVocabulary.Numbered([7, 2]);
        Assert.That(items.TableRows, Is.EqualTo(8));
        Assert.That(items.Candidates.ToArray(), Is.EqualTo(new[] { 2, 7 }));
        Assert.That(items.GetId(7), Is.EqualTo("7"));
        Assert.That(items.Find("7"), Is.EqualTo(7));
        Assert.That(items.Find("3"), Is.Zero);
        Assert.That(items.Find("7x"), Is.Zero);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_number_that_is_not_positive_is_refused(int number)
        => Assert.That(() => ItemVocabulary.Numbered([number]), Throws.ArgumentException);

    [Test]
    public void The_padding_index_has_no_id()
        => Assert.That(() => ItemVocabulary.Numbered([1]).GetId(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
