using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Tests.Catalogue;

/// <summary>What somebody may have meant.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class NearestNameTests
{
    [TestCase("", "", 0)]
    [TestCase("title", "TITLE", 0)]
    [TestCase("titel", "title", 1)]
    [TestCase("tilte", "title", 1)]
    [TestCase("ca", "abc", 3)]
    [TestCase("epoch", "epochs", 1)]
    [TestCase("kitten", "sitting", 3)]
    public void Neighbours_exchanged_are_one_edit(string from, string to, int edits)
    {
        Assert.That(NearestName.Distance(from, to), Is.EqualTo(edits));
        Assert.That(NearestName.Distance(to, from), Is.EqualTo(edits));
    }

    [Test]
    public void The_nearest_is_found_or_none()
    {
        Assert.That(NearestName.Find("titel", ["item", "time", "title"]), Is.EqualTo("title"));
        Assert.That(NearestName.Find("weight", ["item", "user"]), Is.Null);
    }
}
