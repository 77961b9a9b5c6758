using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Tests.Batching;

public sealed class StochasticLengthTests
{
    private const int MaxLength = 100;
    private const int Users = 400;

    /// <summary>User u has u % 100 + 3 events, the last two held back from the history, so that histories have 1 to 100.</summary>
    private static readonly InteractionSequences Sequences = InteractionSequences.From(
        Logs.Of([.. Enumerable.Range(0, Users).SelectMany(user => Enumerable.Range(0, (user % MaxLength) + 3).Select(i => (user, 1 + i, (long)i * 1000)))]));

    private static readonly ReadOnlyMemory<Example> Examples = DataSplit.Of(Sequences, SplitKind.Published, MaxLength).Training;

    [TestCase(100, 1.6, 39)]
    [TestCase(200, 1.75, 103)]
    [TestCase(211, 2.0, 211)]
    [TestCase(1, 1.5, 1)]
    public void The_threshold_is_the_whole_part_of_N_to_the_half_alpha(int maxLength, double alpha, int threshold) =>
        Assert.That(new StochasticLength(maxLength, alpha, false, Stream).Threshold, Is.EqualTo(threshold));

    [Test]
    public void The_probability_is_one_less_N_to_the_alpha_over_the_square_of_the_length()
    {
        var stochastic = new StochasticLength(MaxLength, 1.6, false, Stream);
        Assert.That(stochastic.CutProbability(39), Is.Zero);
        Assert.That(stochastic.CutProbability(40), Is.EqualTo(1 - (Math.Pow(100, 1.6) / 1600)).Within(1e-12));
        Assert.That(stochastic.CutProbability(100), Is.EqualTo(1 - Math.Pow(100, -0.4)).Within(1e-12));
        Assert.That(new StochasticLength(MaxLength, 2, false, Stream).CutProbability(100), Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2.01)]
    [TestCase(double.NaN)]
    public void An_alpha_outside_of_1_to_2_is_refused(double alpha) =>
        Assert.That(() => new StochasticLength(MaxLength, alpha, false, Stream), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Histories_are_cut_as_often_as_they_should_be_and_the_latest_events_stay()
    {
        var stochastic = new StochasticLength(MaxLength, 1.6, false, Stream);
        var (expected, variance, cut) = (0.0, 0.0, 0);
        for (var epoch = 0; epoch < 20; epoch++)
        {
            var batch = Epoch(stochastic, epoch);
            for (var b = 0; b < batch.SequenceCount; b++)
            {
                var whole = Examples.Span[b];
                var items = batch.Items[batch.Offsets[b]..batch.Offsets[b + 1]];
                var probability = stochastic.CutProbability(whole.Length);
                Assert.That(items.Length, Is.EqualTo(whole.Length).Or.EqualTo(stochastic.Threshold));
                Assert.That(items.SequenceEqual(Sequences.Items[(whole.Target - items.Length)..whole.Target]), Is.True, "the latest stay");
                Assert.That(probability == 0 && items.Length < whole.Length, Is.False);
                (expected, variance) = (expected + probability, variance + (probability * (1 - probability)));
                cut += items.Length < whole.Length ? 1 : 0;
            }
        }

        Assert.That(cut, Is.EqualTo(expected).Within(4 * Math.Sqrt(variance)));
    }

    [Test]
    public void Drawn_events_keep_their_order_and_their_next_ones_and_all_are_drawn_alike()
    {
        var stochastic = new StochasticLength(MaxLength, 1.2, true, Stream);
        var counts = new int[MaxLength + 2];
        var cut = 0;
        for (var epoch = 0; epoch < 300; epoch++)
        {
            var batch = Epoch(stochastic, epoch);
            for (var b = 0; b < batch.SequenceCount; b++)
            {
                var (from, end) = (batch.Offsets[b], batch.Offsets[b + 1]);
                var items = batch.Items[from..end].ToArray();
                Assert.That(items, Is.Ordered.And.Unique, "items count up along a user's history");
                Assert.That(batch.Labels[from..(end - 1)].SequenceEqual(items.AsSpan(1)), Is.True, "each is followed by the next that stays");
                Assert.That(batch.Labels[end - 1], Is.EqualTo(Sequences.Items[Examples.Span[b].Target]));
                Assert.That(batch.EventSeconds[end - 1] - batch.EventSeconds[from], Is.EqualTo(items[^1] - items[0]), "events keep their times");
                if (Examples.Span[b].Length == MaxLength && items.Length < MaxLength)
                {
                    cut++;
                    foreach (var item in items)
                    {
                        counts[item]++;
                    }
                }
            }
        }

        // Each of the 100 events stays with probability threshold/100.
        var share = stochastic.Threshold / (double)MaxLength;
        var drawn = counts.Where(c => c > 0).ToArray();
        Assert.That(cut, Is.GreaterThan(500));
        Assert.That(drawn, Has.Length.EqualTo(MaxLength));
        Assert.That(drawn, Is.All.EqualTo(cut * share).Within(4.5 * Math.Sqrt(cut * share * (1 - share))));
    }

    [Test]
    public void A_batch_depends_on_epoch_and_number_alone_and_epochs_differ()
    {
        var stochastic = new StochasticLength(MaxLength, 1.6, true, Stream);
        var first = Epoch(stochastic, 3).Items.ToArray();
        Assert.That(Epoch(stochastic, 4).Items.ToArray(), Is.Not.EqualTo(first));
        Assert.That(Epoch(stochastic, 3).Items.ToArray(), Is.EqualTo(first));
        Assert.That(Epoch(new StochasticLength(MaxLength, 2, true, Stream), 3).TokenCount, Is.EqualTo(Examples.ToArray().Sum(e => e.Length)),
            "alpha 2 cuts nothing");
    }

    private static JaggedBatch Epoch(StochasticLength stochastic, int epoch)
    {
        var batch = new JaggedBatch();
        new BatchSampler(Sequences, Examples, Users, permutation: null, stochastic).Fill(batch, epoch, 0);
        return batch;
    }

    private static Bits Stream(int epoch, int example) => new(((ulong)(uint)epoch << 32) | (uint)example);

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private sealed class Bits(ulong state) : IRandomStream
    {
        private ulong _state = state * 0xD1342543DE82EF95;

        public uint NextUInt32()
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (uint)((mixed ^ (mixed >> 31)) >> 32);
        }
    }
}
