using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Attention;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Cpu.Attention;

internal sealed unsafe class TimeRunsTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(200)]
    [TestCase(1000)]
    public void A_rows_runs_are_its_buckets(int length)
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        var problem = new AttentionCase([length, 0, 7], 1, 1, 1, position: false, time: true);
        var runs = TimeRuns.Of(device, problem.Layout());
        for (var sequence = 0; sequence < 3; sequence++)
        {
            var first = problem.Offsets[sequence];
            for (var row = first; row < problem.Offsets[sequence + 1]; row++)
            {
                var run = runs.Runs + runs.Starts[row];
                for (var column = first; column <= row; column++)
                {
                    if (TimeRuns.End(*run) == column - first)
                    {
                        run++;
                        Assert.That(TimeRuns.Bucket(*run), Is.LessThan(TimeRuns.Bucket(run[-1])), "each bucket is one run");
                    }

                    var bucket = TimeBuckets.Formula((long)problem.NextSeconds[row] - problem.EventSeconds[column]);
                    Assert.That(TimeRuns.Bucket(*run), Is.EqualTo(bucket), $"sequence {sequence}, row {row - first}, column {column - first}");
                }

                Assert.That(TimeRuns.End(*run), Is.EqualTo(row - first + 1), "the last run ends behind the diagonal");
            }
        }
    }

    [Test]
    public void They_are_made_once_a_batch_and_again_in_the_next_step()
    {
        using var device = new CpuDevice(2);
        var layout = new AttentionCase([20], 1, 1, 1, position: false, time: true).Layout();
        TimeRuns first;
        using (device.BeginStep())
        {
            first = TimeRuns.Of(device, layout);
            Assert.That(TimeRuns.Of(device, layout), Is.SameAs(first));
        }

        using var step = device.BeginStep();
        Assert.That(TimeRuns.Of(device, layout), Is.Not.SameAs(first));
    }

    [Test]
    public void Another_device_makes_its_own()
    {
        using var device = new CpuDevice(1);
        using var other = new CpuDevice(1);
        using var step = device.BeginStep();
        using var otherStep = other.BeginStep();
        var layout = new AttentionCase([20], 1, 1, 1, position: false, time: true).Layout();
        Assert.That(TimeRuns.Of(other, layout), Is.Not.SameAs(TimeRuns.Of(device, layout)));
    }
}
