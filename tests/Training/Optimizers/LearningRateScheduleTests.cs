using LargeRec.Retrieval.Configuration;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training.Tests.Optimizers;

public sealed class LearningRateScheduleTests
{
    [TestCase(1, 0.025)]
    [TestCase(3, 0.075)]
    [TestCase(4, 0.1)]
    [TestCase(5, 0.1)]
    [TestCase(1_000_000, 0.1)]
    public void A_constant_rate_rises_over_the_warm_up_and_stays(long step, double rate) =>
        Assert.That(LearningRateSchedule.Constant(0.1, warmup: 4).At(step), Is.EqualTo(rate).Within(1e-15));

    // Between the warm-up's end 4 and the last step 12: 0.01 + 0.09 * (1 + cos(pi * (t - 4) / 8)) / 2; a quarter of the way is cos(pi / 4).
    [TestCase(2, 0.05)]
    [TestCase(4, 0.1)]
    [TestCase(6, 0.01 + (0.09 * (1 + 0.70710678118654752) / 2))]
    [TestCase(8, 0.055)]
    [TestCase(10, 0.01 + (0.09 * (1 - 0.70710678118654752) / 2))]
    [TestCase(12, 0.01)]
    [TestCase(13, 0.01)]
    public void A_cosine_falls_from_the_warm_ups_end_to_the_last_step(long step, double rate) =>
        Assert.That(LearningRateSchedule.Cosine(0.1, 0.01, steps: 12, warmup: 4).At(step), Is.EqualTo(rate).Within(1e-15));

    [Test]
    public void Without_a_warm_up_the_first_step_has_the_whole_rate_or_nearly()
    {
        Assert.That(LearningRateSchedule.Constant(0.001).At(1), Is.EqualTo(0.001));
        Assert.That(LearningRateSchedule.Cosine(0.001, 0, 1000).At(1), Is.InRange(0.00099, 0.001));
    }

    [Test]
    public void A_warm_up_longer_than_the_run_is_a_rise_only()
    {
        var schedule = LearningRateSchedule.Cosine(1, 0, steps: 5, warmup: 10);
        Assert.That(Enumerable.Range(1, 5).Select(step => schedule.At(step)), Is.EqualTo(new[] { 0.1, 0.2, 0.3, 0.4, 0.5 }).Within(1e-15));
    }

    [Test]
    public void A_configuration_says_which()
    {
        var constant = new OptimizerConfiguration { LearningRate = 0.5, WarmupSteps = 2 };
        var cosine = constant with { Schedule = ScheduleSetting.Cosine, FinalLearningRate = 0.25 };
        Assert.That((LearningRateSchedule.Of(constant, 10).At(1), LearningRateSchedule.Of(constant, 10).At(10)), Is.EqualTo((0.25, 0.5)));
        Assert.That((LearningRateSchedule.Of(cosine, 10).At(2), LearningRateSchedule.Of(cosine, 10).At(10)), Is.EqualTo((0.5, 0.25)));
    }

    [Test]
    public void Steps_count_from_1() => Assert.That(() => LearningRateSchedule.Constant(1).At(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
