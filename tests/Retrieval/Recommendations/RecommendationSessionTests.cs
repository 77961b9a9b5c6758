using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Recommendations;

namespace LargeRec.Retrieval.Tests.Recommendations;

public sealed class RecommendationSessionTests
{
    private CpuDevice _device = null!;
    private ExperimentData _data = null!;
    private SequenceModel _model = null!;
    private Recommender _recommender = null!;

    [SetUp]
    public void Start()
    {
        _device = new CpuDevice(2);
        _data = SmallData.Generated();
        _model = SmallData.Model(_device, _data);
        _recommender = new Recommender(_model, _device, _data.Sequences,
            inference: new InferenceConfiguration { Preselection = PreselectionSetting.EightBits });
    }

    [TearDown]
    public void Stop()
    {
        _recommender.Dispose();
        _data.Dispose();
        _device.Dispose();
    }

    [Test]
    public void After_each_event_the_list_is_that_of_the_whole_history()
    {
        using var plain = new Recommender(_model, _device, _data.Sequences);
        var sequences = _data.Sequences;
        var user = Enumerable.Range(0, sequences.UserCount).MaxBy(sequences.LengthOf);
        var events = sequences.Offsets[user]..sequences.Offsets[user + 1];
        var (items, times) = (sequences.Items[events].ToArray(), sequences.Times[events].ToArray());
        Assert.That(items, Has.Length.GreaterThan(_model.MaxLength), "the window must fill up and slide");
        using var session = _recommender.Follow(new History(items[..2], times[..2], []));
        for (var count = 2; count <= items.Length; count++)
        {
            var expected = plain.Recommend(new History(items[..count], times[..count], []), new RecommendationOptions { Count = 5 });
            var list = session.Recommend(new RecommendationOptions { Count = 5 });
            Assert.That(session.EventCount, Is.EqualTo(count));
            Assert.That(list.At, Is.EqualTo(expected.At));
            Assert.That(list.Items.Select(i => i.ItemId), Is.EqualTo(expected.Items.Select(i => i.ItemId)));
            Assert.That(list.Items.Select(i => i.Score), Is.EqualTo(expected.Items.Select(i => i.Score)).Within(1e-5));
            if (count < items.Length)
            {
                session.Add(sequences.Catalogue.GetId(items[count]), times[count]);
            }
        }
    }

    [Test]
    public void A_user_is_followed_from_the_last_event_on()
    {
        using var session = _recommender.Follow("u1");
        var expected = _recommender.Recommend([_recommender.FindUser("u1")]).Single();
        var list = session.Recommend();
        Assert.That((list.UserId, list.At), Is.EqualTo((expected.UserId, expected.At)));
        Assert.That(list.Items.Select(i => i.ItemId), Is.EqualTo(expected.Items.Select(i => i.ItemId)));
        var again = session.Recommend(new RecommendationOptions { IncludeHistory = true, Count = _data.Sequences.Catalogue.Candidates.Length });
        Assert.That(again.Items, Has.Count.EqualTo(_data.Sequences.Catalogue.Candidates.Length), "of the history too");
    }

    [Test]
    public void What_does_not_fit_is_said_in_a_line()
    {
        using var session = _recommender.Follow(new History([], [], []));
        var item = _data.Sequences.Catalogue.GetId(_data.Sequences.Catalogue.Candidates[0]);
        Assert.That(() => session.Recommend(), Throws.TypeOf<RecommendationException>().With.Message.Contains("the history is empty"));
        Assert.That(() => session.Add(item), Throws.TypeOf<RecommendationException>().With.Message.Contains("has no time"));
        Assert.That(() => session.Add("no such item", 5), Throws.TypeOf<RecommendationException>().With.Message.Contains("no item 'no such item'"));
        session.Add(item, 5_000_000);
        Assert.That(() => session.Add(item, 4_000_000), Throws.TypeOf<RecommendationException>().With.Message.Contains("comes after one at"));
        Assert.That(
            () => session.Recommend(new RecommendationOptions { At = 4_999_999 }), Throws.TypeOf<RecommendationException>()
            .With.Message.Contains("before the last event"));
        Assert.That(
            () => _recommender.Follow(_recommender.HistoryOf([item])), Throws.TypeOf<RecommendationException>()
            .With.Message.Contains("the history's times are assumed"));
        Assert.That(() => session.Add(item, 1L << 45), Throws.TypeOf<RecommendationException>().With.Message.Contains("68 years"));
        Assert.That(session.EventCount, Is.EqualTo(1));
    }

    [Test]
    public void Slack_states_a_window_between_two_lengths()
    {
        using var slack = new Recommender(_model, _device, _data.Sequences, inference: new InferenceConfiguration { WindowSlack = 2 });
        var catalogue = _data.Sequences.Catalogue;
        var items = Enumerable.Range(0, _model.MaxLength + 1).Select(i => catalogue.Candidates[i % 7]).ToArray();
        var times = items.Select((_, i) => 60_000L * i).ToArray();
        using var session = slack.Follow(new History(items, times, []));
        var options = new RecommendationOptions { Count = 5, IncludeHistory = true };
        var expected = slack.Recommend(new History(items[3..], times[3..], []), options);
        Assert.That(session.Recommend(options).Items.Select(i => i.Score), Is.EqualTo(expected.Items.Select(i => i.Score)).Within(1e-5),
            "one event too many took three with it");
    }

    [Test]
    public void Preselection_changes_no_list()
    {
        using var plain = new Recommender(_model, _device, _data.Sequences);
        var users = Enumerable.Range(0, _data.Sequences.UserCount).ToArray();
        foreach (var (a, b) in plain.Recommend(users).Zip(_recommender.Recommend(users)))
        {
            Assert.That(b.Items, Is.EqualTo(a.Items));
        }
    }
}
