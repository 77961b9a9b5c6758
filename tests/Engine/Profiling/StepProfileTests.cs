using LargeRec.Engine.Profiling;

namespace LargeRec.Engine.Tests.Profiling;

/// <summary>Marks fill a step without gaps, and the table adds up, on a clock that the test moves.</summary>
public sealed class StepProfileTests
{
    [Test]
    public void What_passed_since_the_mark_before_belongs_to_a_mark_and_the_end_is_the_rest()
    {
        var clock = new HandClock();
        var profile = new StepProfile(clock);
        clock.Milliseconds = 100;
        profile.BeginStep(6);
        Pass(clock, profile, 3, "layer norm", ProfilePhase.Forward);
        Pass(clock, profile, 5, "layer norm", ProfilePhase.Backward);
        clock.Milliseconds += 2;
        profile.EndStep();
        var step = profile.Steps.Single();
        Assert.That((step.Number, step.Start, step.Duration), Is.EqualTo((6, TimeSpan.Zero, TimeSpan.FromMilliseconds(10))));
        Assert.That(step.Stretches, Is.EqualTo(new[]
        {
            new ProfiledStretch("layer norm", ProfilePhase.Forward, TimeSpan.Zero, TimeSpan.FromMilliseconds(3)),
            new ProfiledStretch("layer norm", ProfilePhase.Backward, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(5)),
            new ProfiledStretch("rest", ProfilePhase.Rest, TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(2)),
        }));
    }

    [Test]
    public void The_table_sums_by_name_and_phase_what_takes_longest_first_and_the_rest_last()
    {
        var clock = new HandClock();
        var profile = new StepProfile(clock);
        for (var number = 1; number <= 2; number++)
        {
            profile.BeginStep(number);
            Pass(clock, profile, 1, "linear", ProfilePhase.Forward);
            Pass(clock, profile, 2, "linear", ProfilePhase.Forward);
            Pass(clock, profile, 5, "linear", ProfilePhase.Backward);
            clock.Milliseconds += 8;
            profile.EndStep();

            // Between steps nothing is kept.
            Pass(clock, profile, 1000, "linear", ProfilePhase.Forward);
        }

        Assert.That(profile.Total, Is.EqualTo(TimeSpan.FromMilliseconds(32)));
        Assert.That(profile.Steps[1].Start, Is.EqualTo(TimeSpan.FromMilliseconds(1016)));
        Assert.That(profile.Rows(), Is.EqualTo(new[]
        {
            new ProfileRow("linear", ProfilePhase.Backward, 2, 5, 10 / 32.0),
            new ProfileRow("linear", ProfilePhase.Forward, 4, 3, 6 / 32.0),
            new ProfileRow("rest", ProfilePhase.Rest, 2, 8, 16 / 32.0),
        }));
    }

    [Test]
    public void An_end_without_a_beginning_is_an_error() =>
        Assert.That(() => new StepProfile(TimeProvider.System).EndStep(), Throws.InvalidOperationException);

    private static void Pass(HandClock clock, StepProfile profile, long milliseconds, string name, ProfilePhase phase)
    {
        clock.Milliseconds += milliseconds;
        profile.Mark(name, phase);
    }

    private sealed class HandClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
