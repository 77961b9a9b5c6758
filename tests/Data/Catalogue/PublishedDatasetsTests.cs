using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Tests.Catalogue;

public sealed class PublishedDatasetsTests
{
    [Test]
    public void Names_are_unique_and_fit_for_folders()
    {
        var names = PublishedDatasets.All.Select(d => d.Name).ToArray();
        Assert.That(names, Is.Unique);
        Assert.That(names, Has.All.Match("^[a-z0-9]+(-[a-z0-9]+)*$"));
        Assert.That(names, Has.All.Matches<string>(name => PublishedDatasets.Find(name!)?.Name == name));
        Assert.That(PublishedDatasets.Find("ml-3m"), Is.Null);
    }

    [TestCaseSource(nameof(All))]
    public void A_record_is_whole(PublishedDataset dataset)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(dataset.Terms.Summary, Is.Not.Empty.And.Length.LessThanOrEqualTo(12));
            Assert.That(dataset.Terms.Text, Has.Length.GreaterThan(50).And.Not.Contain("{0}"));
            Assert.That(dataset.Terms.Link.Scheme, Is.EqualTo("https"));
            Assert.That(dataset.Citation, Does.Contain("https://doi.org/"));
            if (dataset.File is { } file)
            {
                Assert.That(file.Address.Scheme, Is.EqualTo("https"));
                Assert.That(file.Address.Segments[^1], Is.EqualTo(file.FileName));
                Assert.That(file.Md5 ?? new string('0', 32), Does.Match("^[0-9a-f]{32}$"));
                Assert.That(file.Sha256 ?? new string('0', 64), Does.Match("^[0-9a-f]{64}$"));
            }
        }
    }

    private static IEnumerable<TestCaseData> All() => PublishedDatasets.All.Select(d => new TestCaseData(d).SetArgDisplayNames(d.Name));
}
