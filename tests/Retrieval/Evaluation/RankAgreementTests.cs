using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Ranking;

namespace LargeRec.Retrieval.Tests.Evaluation;

/// <summary>Ranks beside those of other weights, which stand for a device that adds in another order.</summary>
public sealed class RankAgreementTests
{
    private CpuDevice _device = null!;
    private ExperimentData _data = null!;
    private SequenceModel _model = null!;

    [SetUp]
    public void Start()
    {
        _device = new CpuDevice(2);
        _data = SmallData.Generated();
        _model = SmallData.Model(_device, _data);
    }

    [TearDown]
    public void Stop()
    {
        _data.Dispose();
        _device.Dispose();
    }

    [Test]
    public void The_same_weights_agree()
    {
        var agreement = Compare(Ranks(_model));
        Assert.That(agreement, Is.EqualTo(new RankAgreement(_device.Name, _data.Split.Test.Length, 0, 0)));
    }

    /// <summary>Each rank that was moved by hand has its gap looked up in the list of the model's own scores.</summary>
    [Test]
    public void Ranks_that_differ_are_counted_with_the_distance_of_their_scores()
    {
        var ranks = Ranks(_model);
        var (first, second) = Array.FindAll(Enumerable.Range(0, ranks.Length).ToArray(), i => ranks[i] > 3) is [var a, var b, ..] ? (a, b) : default;
        var moved = ranks.ToArray();
        (moved[first], moved[second]) = (ranks[first] - 1, ranks[second] - 2);
        var expected = Math.Max(Gap(first, ranks[first], moved[first]), Gap(second, ranks[second], moved[second]));

        var agreement = Compare(moved);
        Assert.That((agreement.Different, agreement.LargestGap), Is.EqualTo((2, expected)));
        Assert.That(expected, Is.Positive);
    }

    [Test]
    public void A_target_that_one_device_alone_filters_is_an_error()
    {
        var ranks = Ranks(_model);
        ranks[Array.FindIndex(ranks, rank => rank > 0)] = 0;
        Assert.That(() => Compare(ranks), Throws.InvalidOperationException.With.Message.Contains("a target is filtered on both or on none"));
    }

    [Test]
    public void As_many_ranks_as_examples_are_needed()
        => Assert.That(() => Compare([1, 2]), Throws.ArgumentException.With.Message.Contains($"2 ranks and {_data.Split.Test.Length} examples"));

    private RankAgreement Compare(int[] ranks) =>
        RankAgreement.Of(ranks, _model, _device, _data, _data.Split.Test, SmallData.Configuration().Evaluation);

    private int[] Ranks(SequenceModel model)
    {
        using var pass = new RankingPass(model, _device, _data.Sequences.Catalogue.Candidates);
        return pass.Ranks(_data.Sequences, _data.Split.Test, 16, SmallData.Configuration().Evaluation.FilterHistory);
    }

    /// <summary>Between the scores at two places (1 the best) of a user's list, the history left out.</summary>
    private double Gap(int example, int one, int other)
    {
        var candidates = _data.Sequences.Catalogue.Candidates;
        using var pass = new RankingPass(_model, _device, candidates);
        var batch = new Data.Batching.JaggedBatch();
        batch.Fill(_data.Sequences, _data.Split.Test.Span.Slice(example, 1));
        var (items, scores) = (new int[candidates.Length], new float[candidates.Length]);
        pass.TopK(batch, default, candidates.Length, items, scores);
        var filtered = _data.Split.Test.Span[example];
        var seen = _data.Sequences.Items.Slice(filtered.Start, filtered.Length).ToArray().ToHashSet();
        var kept = items.Zip(scores).Where(place => !seen.Contains(place.First)).Select(place => (double)place.Second).ToArray();
        return Math.Abs(kept[one - 1] - kept[other - 1]);
    }
}
