using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Batching;

public sealed class BatchSamplerTests
{
    private static readonly InteractionSequences Sequences = InteractionSequences.From(
        Logs.Of([.. Enumerable.Range(0, 10).SelectMany(user => Enumerable.Range(0, 3 + user % 4).Select(i => (user, 1 + (user + i) % 7, (long)i * 1000)))]));

    private static readonly ReadOnlyMemory<Example> Examples = DataSplit.Of(Sequences, SplitKind.Published, 200).Training;

    [Test]
    public void An_epoch_is_the_permutation_cut_into_batches_the_last_one_shorter()
    {
        var sampler = new BatchSampler(Sequences, Examples, 4, Rotation);
        var batch = new JaggedBatch();
        var users = new List<int[]>();
        for (var k = 0; k < sampler.BatchesPerEpoch; k++)
        {
            sampler.Fill(batch, epoch: 3, k);
            users.Add(batch.UserIndices.ToArray());
        }

        Assert.That(users, Is.EqualTo(new[] { new[] { 3, 4, 5, 6 }, new[] { 7, 8, 9, 0 }, new[] { 1, 2 } }));
    }

    [Test]
    public void A_batch_depends_on_its_number_alone()
    {
        var sampler = new BatchSampler(Sequences, Examples, 4, Rotation);
        var batch = new JaggedBatch();
        sampler.Fill(batch, number: 7);
        var first = batch.UserIndices.ToArray();
        sampler.Fill(batch, number: 0);
        sampler.Fill(batch, epoch: 2, batch: 1);
        Assert.That(batch.UserIndices.ToArray(), Is.EqualTo(first).And.EqualTo(new[] { 6, 7, 8, 9 }));
    }

    [Test]
    public void Without_a_permutation_the_order_is_the_given_one()
    {
        var batch = new JaggedBatch();
        new BatchSampler(Sequences, Examples, 100).Fill(batch, 5, 0);
        Assert.That(batch.UserIndices.ToArray(), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void What_is_no_permutation_is_refused()
    {
        int[][] wrong = [[0, 1], [.. Enumerable.Repeat(0, 10)], [.. Enumerable.Range(1, 10)]];
        foreach (var order in wrong)
        {
            Assert.That(() => new BatchSampler(Sequences, Examples, 4, _ => order).Fill(new JaggedBatch(), 0, 0),
                Throws.ArgumentException.With.Message.Contains("permutation of 0 .. 9"));
        }
    }

    [Test]
    public void Nothing_to_sample_is_an_error()
        => Assert.That(() => new BatchSampler(Sequences, Array.Empty<Example>(), 4), Throws.ArgumentException.With.Message.Contains("no user is long enough"));

    private static int[] Rotation(int epoch) => [.. Enumerable.Range(0, 10).Select(i => (i + epoch) % 10)];
}
