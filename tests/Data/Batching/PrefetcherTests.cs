using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Batching;

[CancelAfter(20_000)]
public sealed class PrefetcherTests
{
    private static readonly InteractionSequences Sequences = InteractionSequences.From(
        Logs.Of([.. Enumerable.Range(0, 40).SelectMany(user => Enumerable.Range(0, 3 + user % 9).Select(i => (user, 1 + (user + i) % 7, (long)i * 1500)))]));

    private static readonly ReadOnlyMemory<Example> Examples = DataSplit.Of(Sequences, SplitKind.Published, 5).Training;

    [TestCase(0, 30)]
    [TestCase(7, 19)]
    [TestCase(4, 4)]
    public void Batches_are_the_same_as_without_it(int first, int end, CancellationToken cancellation)
    {
        var sampler = Sampler();
        using var prefetcher = new Prefetcher(Sampler(), first, end);
        var expected = new JaggedBatch();
        for (var number = first; number < end; number++)
        {
            sampler.Fill(expected, number);
            Assert.That(prefetcher.TryTake(out var batch, cancellation), Is.True);
            Assert.That(batch!.UserIndices.ToArray(), Is.EqualTo(expected.UserIndices.ToArray()));
            Assert.That(batch.Offsets.ToArray(), Is.EqualTo(expected.Offsets.ToArray()));
            Assert.That(batch.Items.ToArray(), Is.EqualTo(expected.Items.ToArray()));
            Assert.That(batch.Labels.ToArray(), Is.EqualTo(expected.Labels.ToArray()));
            Assert.That(batch.Targets.ToArray(), Is.EqualTo(expected.Targets.ToArray()));
            Assert.That(batch.EventSeconds.ToArray(), Is.EqualTo(expected.EventSeconds.ToArray()));
            Assert.That(batch.NextSeconds.ToArray(), Is.EqualTo(expected.NextSeconds.ToArray()));
            Assert.That(batch.Ratings.ToArray(), Is.EqualTo(expected.Ratings.ToArray()));
        }

        Assert.That(prefetcher.TryTake(out _, cancellation), Is.False);
        Assert.That(prefetcher.TryTake(out _, cancellation), Is.False);
    }

    [Test]
    public void A_fault_is_thrown_where_its_batch_would_have_come_and_ever_after(CancellationToken cancellation)
    {
        var sampler = new BatchSampler(Sequences, Examples, 40, epoch => epoch < 3 ? Reversed(epoch)
            : throw new InvalidOperationException("epoch 3 is broken"));
        using var prefetcher = new Prefetcher(sampler, 0, 10);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(prefetcher.TryTake(out _, cancellation), Is.True);
        }

        Assert.That(() => prefetcher.TryTake(out _, cancellation), Throws.InvalidOperationException.With.Message.EqualTo("epoch 3 is broken"));
        Assert.That(() => prefetcher.TryTake(out _, cancellation), Throws.InvalidOperationException);
    }

    [Test]
    public void Disposal_never_waits_for_a_consumer(CancellationToken cancellation)
    {
        for (var taken = 0; taken < 5; taken++)
        {
            var prefetcher = new Prefetcher(Sampler(), 0, long.MaxValue);
            for (var i = 0; i < taken; i++)
            {
                Assert.That(prefetcher.TryTake(out _, cancellation), Is.True);
            }

            prefetcher.Dispose();
            prefetcher.Dispose();
            Assert.That(() => prefetcher.TryTake(out _, cancellation), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void A_consumer_that_waits_can_be_cancelled(CancellationToken cancellation)
    {
        using var hold = new ManualResetEventSlim();
        var sampler = new BatchSampler(Sequences, Examples, 4, epoch =>
        {
            hold.Wait(cancellation);
            return Reversed(epoch);
        });
        using var prefetcher = new Prefetcher(sampler, 0, 1);
        using var impatient = new CancellationTokenSource(50);
        Assert.That(() => prefetcher.TryTake(out _, impatient.Token), Throws.InstanceOf<OperationCanceledException>());
        hold.Set();
        Assert.That(prefetcher.TryTake(out _, cancellation), Is.True);
    }

    private static BatchSampler Sampler() => new(Sequences, Examples, 6, Reversed);

    private static int[] Reversed(int epoch) => [.. Enumerable.Range(0, 40).Select(i => (epoch + 39 - i) % 40)];
}
