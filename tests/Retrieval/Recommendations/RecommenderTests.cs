using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Recommendations;

namespace LargeRec.Retrieval.Tests.Recommendations;

/// <summary>Recommendations in the data's own ids.</summary>
public sealed class RecommenderTests
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
        _recommender = new Recommender(_model, _device, _data.Sequences);
    }

    [TearDown]
    public void Stop()
    {
        _recommender.Dispose();
        _data.Dispose();
        _device.Dispose();
    }

    [Test]
    public void Nothing_of_the_whole_history_comes_again_and_the_best_comes_first()
    {
        var sequences = _data.Sequences;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var history = sequences.Items[sequences.Offsets[user]..sequences.Offsets[user + 1]].ToArray().Select(sequences.Catalogue.GetId).ToArray();
            var list = _recommender.Recommend(sequences.UserIds.GetText(user), count: 8);
            Assert.That(list.Select(r => r.Rank), Is.EqualTo(Enumerable.Range(1, 8)));
            Assert.That(list.Select(r => r.Score), Is.Ordered.Descending);
            Assert.That(list.Select(r => r.ItemId).Intersect(history), Is.Empty);
            Assert.That(list.Select(r => r.ItemId), Is.Unique);
        }
    }

    [Test]
    public void Some_history_is_longer_than_the_model_sees()
    {
        // Otherwise the test above would pass with a filter of the window.
        var lengths = Enumerable.Range(0, _data.Sequences.UserCount).Select(_data.Sequences.LengthOf);
        Assert.That(lengths.Max(), Is.GreaterThan(_model.MaxLength));
    }

    [Test]
    public void Items_carry_the_ids_and_titles_of_the_data()
    {
        foreach (var item in _recommender.Recommend("u1"))
        {
            var index = _data.Sequences.Catalogue.Find(item.ItemId);
            Assert.That(index, Is.GreaterThan(0));
            Assert.That(item.Title, Is.EqualTo(_data.Sequences.Catalogue.GetTitle(index)).And.Not.Null);
        }
    }

    [Test]
    public void More_than_there_are_gives_all_that_are_left()
    {
        var left = _data.Sequences.Catalogue.Candidates.Length - _data.Sequences.Items[.._data.Sequences.Offsets[1]].ToArray().Distinct().Count();
        Assert.That(_recommender.Recommend("u1", count: 1000), Has.Count.EqualTo(left));
    }

    [Test]
    public void The_time_of_the_request_counts()
    {
        var last = _data.Sequences.Times[_data.Sequences.Offsets[1] - 1];
        var soon = _recommender.Recommend("u1", at: last);
        var late = _recommender.Recommend("u1", at: last + (365L * 24 * 3600 * 1000));
        Assert.That(late.Select(r => r.Score), Is.Not.EqualTo(soon.Select(r => r.Score)));
        Assert.That(_recommender.Recommend("u1", at: last).Select(r => r.Score), Is.EqualTo(soon.Select(r => r.Score)));
    }

    [Test]
    public void Without_a_time_the_median_gap_passes()
    {
        var sequences = _data.Sequences;
        var gaps = new List<long>();
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var times = sequences.Times[sequences.Offsets[user]..sequences.Offsets[user + 1]].ToArray();
            gaps.AddRange(times.Zip(times.Skip(1), (a, b) => b - a));
        }

        gaps.Sort();
        var last = sequences.Times[sequences.Offsets[1] - 1];
        Assert.That(
            _recommender.Recommend("u1").Select(r => (r.ItemId, r.Score)),
            Is.EqualTo(_recommender.Recommend("u1", at: last + gaps[gaps.Count / 2]).Select(r => (r.ItemId, r.Score))));
    }

    [Test]
    public void Errors_say_what_was_given()
    {
        var last = _data.Sequences.Times[_data.Sequences.Offsets[1] - 1];
        Assert.That(() => _recommender.Recommend("nobody"), Refused("there is no user 'nobody' in synthetic (60 users)"));
        Assert.That(() => _recommender.Recommend("u11x"), Refused("there is no user 'u11x' in synthetic (60 users): did you mean 'u11'?"));
        Assert.That(() => _recommender.Recommend("u1", at: last - 1), Throws.TypeOf<RecommendationException>()
            .With.Message.Contains("is before the last event of user 'u1' at"));
        Assert.That(() => _recommender.Recommend("u1", count: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _recommender.Recommend("u1", at: long.MaxValue / 2), Throws.TypeOf<RecommendationException>()
            .With.Message.Contains("more than 68 years"));
    }

    [Test]
    public void A_history_that_cannot_be_used_is_refused()
    {
        string Id(int item) => _data.Sequences.Catalogue.GetId(item);
        Assert.That(() => _recommender.HistoryOf([]), Refused("the history is empty; give at least one item"));
        Assert.That(() => _recommender.HistoryOf([Id(1), "nothing"]), Refused("there is no item 'nothing' in synthetic (40 items)"));
        Assert.That(() => _recommender.HistoryOf([Id(1), Id(1) + "x"]), Throws.TypeOf<RecommendationException>()
            .With.Message.EndsWith($"did you mean '{Id(1)}'?"));
        Assert.That(() => _recommender.HistoryOf([Id(1)], [1, 2]), Refused("a history of 1 items has 2 times; give one time an item, or none at all"));
        Assert.That(() => _recommender.HistoryOf(["nothing"], skipUnknown: true), Refused("no item of the history was known to the training"));
        Assert.That(() => _recommender.Recommend(_recommender.HistoryOf([Id(1), Id(2)], [2000, 1000])),
            Throws.TypeOf<RecommendationException>().With.Message.Contains("goes back in time"));
        Assert.That(() => _recommender.Recommend(_recommender.HistoryOf([Id(1)], [2000]), new RecommendationOptions { At = 1000 }),
            Throws.TypeOf<RecommendationException>().With.Message.Contains("is before the last event of the history"));
    }

    [Test]
    public void A_users_own_history_gives_the_users_list()
    {
        var sequences = _data.Sequences;
        var events = sequences.Offsets[3]..sequences.Offsets[4];
        var history = _recommender.HistoryOf([.. sequences.Items[events].ToArray().Select(sequences.Catalogue.GetId)], sequences.Times[events].ToArray());
        Assert.That(_recommender.Recommend(history).Items, Is.EqualTo(_recommender.Recommend(sequences.UserIds.GetText(3))));
        Assert.That(history.Notes, Is.Empty);
    }

    [Test]
    public void Without_times_the_median_gap_lies_between_events_whenever_the_request_comes()
    {
        string[] ids = [.. Enumerable.Range(1, 5).Select(_data.Sequences.Catalogue.GetId)];
        var assumed = _recommender.HistoryOf(ids, at: 5_000_000);
        Assert.That(assumed.Times.Zip(assumed.Times.Skip(1), (a, b) => b - a), Is.All.EqualTo(_recommender.MedianGap));
        Assert.That(assumed.Times[^1] + _recommender.MedianGap, Is.EqualTo(5_000_000));
        Assert.That(assumed.Notes, Has.Count.EqualTo(1).And.Some.StartsWith("no times given: assumed is "));
        var list = _recommender.Recommend(assumed, new RecommendationOptions { At = 5_000_000 });
        Assert.That(list.At, Is.EqualTo(5_000_000));
        Assert.That(_recommender.Recommend(_recommender.HistoryOf(ids)).Items, Is.EqualTo(list.Items));
    }

    [Test]
    public void Unknown_items_can_be_left_out_with_their_times()
    {
        string[] ids = [_data.Sequences.Catalogue.GetId(1), "nothing", _data.Sequences.Catalogue.GetId(2)];
        var history = _recommender.HistoryOf(ids, [1000, 2000, 3000], skipUnknown: true);
        Assert.That(history.Items, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(history.Times, Is.EqualTo(new long[] { 1000, 3000 }));
        Assert.That(history.Notes, Is.EqualTo(new[] { "note: the training did not know the item 'nothing'; it is left out" }));
    }

    [Test]
    public void The_history_may_come_again_where_it_is_asked_for()
    {
        var everything = new RecommendationOptions { Count = 1000, IncludeHistory = true };
        Assert.That(_recommender.Recommend([0], everything).Single().Items, Has.Count.EqualTo(_data.Sequences.Catalogue.Candidates.Length));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(128)]
    public void Users_in_batches_get_the_lists_that_they_get_alone(int batchSize)
    {
        using var batched = new Recommender(_model, _device, _data.Sequences, batchSize);
        var done = new List<int>();
        var lists = batched.Recommend(Enumerable.Range(0, 60), new RecommendationOptions { Count = 5 }, done.Add).ToArray();
        Assert.That(lists.Select(l => l.UserId), Is.EqualTo(Enumerable.Range(0, 60).Select(_data.Sequences.UserIds.GetText)));
        Assert.That(lists.Select(l => l.Items), Is.EqualTo(lists.Select(l => _recommender.Recommend(l.UserId!, 5))));
        Assert.That(done, Is.Ordered.And.Count.EqualTo((59 / batchSize) + 1));
        Assert.That(done[^1], Is.EqualTo(60));
    }

    [Test]
    public void Batches_are_made_as_lists_are_taken_and_stop_when_asked()
    {
        using var batched = new Recommender(_model, _device, _data.Sequences, 10);
        using var stop = new CancellationTokenSource();
        var done = 0;
        var lists = batched.Recommend(Enumerable.Range(0, 60), progress: d => done = d, cancellation: stop.Token).GetEnumerator();
        Assert.That(done, Is.Zero);
        lists.MoveNext();
        Assert.That(done, Is.EqualTo(10));
        stop.Cancel();
        Assert.That(() => { while (lists.MoveNext()) { } }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(done, Is.EqualTo(10));
    }

    [Test]
    public void Data_without_times_recommend_without_them()
    {
        using var data = SmallData.WithoutTimes();
        using var recommender = new Recommender(SmallData.Model(_device, data, "model.bias=position"), _device, data.Sequences);
        var list = recommender.Recommend([0]).Single();
        Assert.That(list.At, Is.Null);
        Assert.That(list.Items, Is.Not.Empty);
        Assert.That(recommender.MedianGap, Is.Zero);
        Assert.That(recommender.HistoryOf(["1"]).Times, Is.Empty);
        Assert.That(recommender.HistoryOf(["1"], [5]).Notes, Has.Count.EqualTo(1));
        Assert.That(recommender.Recommend(recommender.HistoryOf(["1"]), new RecommendationOptions { Count = 1 }).Items, Has.Count.EqualTo(1));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string message) => Throws.TypeOf<RecommendationException>()
        .With.Message.EqualTo(message);
}
