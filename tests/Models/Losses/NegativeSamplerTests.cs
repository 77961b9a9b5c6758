using LargeRec.Autograd;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Losses;

namespace LargeRec.Models.Tests.Losses;

/// <summary>What negatives are drawn from, how often, and gSASRec's β.</summary>
public sealed class NegativeSamplerTests
{
    private readonly CpuDevice _device = new(2);

    [OneTimeTearDown]
    public void Release() => _device.Dispose();

    [Test]
    public void In_batch_draws_are_different_labels_each_as_likely()
    {
        var drawn = Draw(new NegativeSampler(_device.UploadPersistent([99]), 5000) { IsInBatch = true }, [7, 0, 7, 7, 3, 0, 7, 12]);
        var counts = drawn.GroupBy(item => item).ToDictionary(group => group.Key, group => group.Count());
        Assert.That(counts.Keys, Is.EquivalentTo([3, 7, 12]));

        // 40,000 draws of chance 1/3: five standard deviations are 471.
        Assert.That(counts.Values, Is.All.EqualTo(40_000.0 / 3).Within(471));
    }

    [Test]
    public void A_batch_without_labels_draws_padding_which_its_tokens_do_not_count()
    {
        Assert.That(Draw(new NegativeSampler(_device.UploadPersistent([99]), 3) { IsInBatch = true }, [0, 0]), Is.All.Zero);
    }

    [Test]
    public void Shared_draws_are_the_same_for_every_token()
    {
        var drawn = Draw(new NegativeSampler(_device.UploadPersistent([.. Enumerable.Range(1, 500)]), 16) { IsShared = true }, [1, 2, 3]);
        Assert.That(drawn, Has.Length.EqualTo(48));
        var first = drawn[..16];
        Assert.That(drawn[16..32], Is.EqualTo(first));
        Assert.That(drawn[32..], Is.EqualTo(first));
        Assert.That(first.Distinct().Count(), Is.GreaterThan(10));
    }

    [TestCase(0, 1.0 / 3, 1.0 / 3)]
    [TestCase(1, 1.0 / 111, 10.0 / 111)]
    [TestCase(0.5, 0.0706099, 0.2232882)]
    public void Popular_items_are_drawn_by_their_counts_to_a_power(double power, double ofFirst, double ofSecond)
    {
        var popular = new PopularityCandidates([0, 1, 0, 10, 100], power);
        var corrections = popular.LogCorrections(5);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(popular.Items.Distinct(), Is.EqualTo([1, 3, 4]));
            Assert.That(Share(1), Is.EqualTo(ofFirst).Within(1e-5));
            Assert.That(Share(3), Is.EqualTo(ofSecond).Within(1e-5));
            Assert.That(Math.Exp(-corrections[3]), Is.EqualTo(Share(3)).Within(1e-6), "the correction is that of the list, rounding and all");
            Assert.That(corrections[2], Is.Zero);
        }

        double Share(int item) => popular.Items.Count(i => i == item) / (double)popular.Items.Count;
    }

    [Test]
    public void A_rare_item_has_an_entry_so_that_its_correction_is_finite()
    {
        var popular = new PopularityCandidates([0, 1, int.MaxValue], 1);
        Assert.That(popular.Items.Count(i => i == 1), Is.EqualTo(1));
        Assert.That(popular.LogCorrections(3), Is.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Nothing_to_draw_is_said() =>
        Assert.That(() => new PopularityCandidates([0, 0], 1), Throws.ArgumentException.With.Message.Contains("no item occurs"));

    [TestCase(256, 3417, 0.0, 1.0)]
    [TestCase(256, 3417, 1.0, 256.0 / 3416)]
    [TestCase(256, 3417, 0.75, 0.306206)]
    [TestCase(50, 11, 0.5, 1.0)]
    public void The_power_is_that_of_the_paper(int negatives, int candidates, double calibration, double expected) =>
        Assert.That(BinaryCrossEntropyLoss.PositivePower(negatives, candidates, calibration), Is.EqualTo(expected).Within(1e-6));

    private int[] Draw(NegativeSampler sampler, int[] labels)
    {
        using var step = _device.BeginStep();
        return sampler.Draw(new ForwardContext(new Tape(_device), Training: true, 5, 2), _device.Upload(labels)).ToArray();
    }
}
