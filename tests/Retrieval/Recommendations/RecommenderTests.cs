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
        Assert.That(() => _recommender.Recommend("nobody"), Throws.ArgumentException.With.Message.EqualTo("there is no user 'nobody' in synthetic (60 users)"));
        Assert.That(() => _recommender.Recommend("u1", at: last - 1), Throws.ArgumentException.With.Message.Contains("is before the history's last event"));
        Assert.That(() => _recommender.Recommend("u1", count: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _recommender.Recommend([], []), Throws.ArgumentException);
    }
}
