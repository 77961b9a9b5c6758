using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Tests.Catalogue;

/// <summary>Data sets as they lie in the data folder, against the counts that their description gives.</summary>
public sealed class RealDatasetsTests
{
    [TestCase("kuairand-pure", 25_156, 6_361, 228_329)]
    [TestCase("online-retail", 5_585, 4_199, 764_424)]
    [TestCase("amazon-beauty", 22_363, 12_101, 198_502)]
    [TestCase("amazon-sports", 35_598, 18_357, 296_337)]
    [TestCase("amazon-toys", 19_412, 11_924, 167_597)]
    public void Have_the_known_counts(string name, int users, int items, int events)
    {
        var log = DatasetCatalogue.Open(name, RealData.Folder());
        Assert.That(log.UserIds.Count, Is.EqualTo(users));
        Assert.That(log.Catalogue.Candidates.Length, Is.EqualTo(items));
        Assert.That(log.Count, Is.EqualTo(events));
        Assert.That(log.Notes[0], Does.StartWith($"{name}: read from {RealData.Folder()}"));
    }

    [Test]
    public void Taobao_loses_its_wrong_dates_and_says_how_many()
    {
        var log = DatasetCatalogue.Open("taobao", RealData.Folder());
        Assert.That(log.UserIds.Count, Is.EqualTo(815));
        Assert.That(log.Count, Is.EqualTo(84_475 - 35));
        Assert.That(log.Notes, Has.Some.StartsWith("35 rows (first in line 4171) are left out"));
        Assert.That(log.BehaviourNames, Is.EqualTo(new[] { "pv", "cart", "fav", "buy" }));
        Assert.That(log.ItemInformation[0].Name, Is.EqualTo("category"));
        Assert.That(log.ItemInformation[0][log.Items[0]], Is.EqualTo("2520377"));
    }

    [Test]
    public void KuaiRand_has_times_flags_and_features()
    {
        var log = DatasetCatalogue.Open("kuairand-pure", RealData.Folder());
        Assert.That(log.Times[0], Is.EqualTo(1_650_812_741_436));
        Assert.That(log.BehavioursAreFlags, Is.True);
        Assert.That(log.BehaviourNames, Is.EqualTo(new[] { "click", "like", "follow", "comment", "forward", "hate", "long_view", "profile_enter" }));
        Assert.That(log.Behaviours[0], Is.EqualTo(1 + 64));
        Assert.That(log.UserInformation.Single(i => i.Name == "user_active_degree").Values, Does.Contain("full_active"));
        Assert.That(log.ItemInformation.Single(i => i.Name == "video_type").Codes, Has.Count.EqualTo(log.Catalogue.TableRows));
    }

    [Test]
    public void Online_retail_has_titles_and_times()
    {
        var log = DatasetCatalogue.Open("online-retail", RealData.Folder());
        Assert.That(log.Catalogue.GetTitle(log.Catalogue.Find("1")), Is.EqualTo("LAVENDER SCENT CAKE CANDLE"));
        Assert.That(log.Times[0], Is.EqualTo(1_266_339_180_000));
    }

    [Test]
    public void Amazon_has_an_order_and_no_times()
    {
        var log = DatasetCatalogue.Open("amazon-beauty", RealData.Folder());
        Assert.That(log.HasTimes, Is.False);
        Assert.That(log.Notes, Has.Some.StartsWith("order only, no times"));
    }

    [Test]
    public void Of_each_data_set_there_are_where_it_lies_is_told()
    {
        Assert.That(DatasetCatalogue.Locate("taobao", RealData.Folder()), Is.EqualTo(Path.Combine(RealData.Folder(), "taobao-sample")));
        Assert.That(DatasetCatalogue.Locate("ml-32m", RealData.Folder()), Is.Null);
    }
}
