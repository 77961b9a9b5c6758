using CsCheck;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class LeakageCheckTests
{
    private static readonly (int User, int Item, long Time)[] Events =
        [.. Enumerable.Range(0, 40).Select(i => (User: i % 4, Item: 1 + i * 7 % 11, Time: (long)(i / 4)))];

    private static InteractionSequences Sequences => InteractionSequences.From(Logs.Of(Events));

    [Test]
    public void No_split_of_ours_leaks()
        => Gen.Select(Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[0, 12]).Array[1, 80], Gen.Enum<SplitKind>(), Gen.Int[1, 9])
            .Sample((events, kind, maxLength) =>
        {
            var sequences = InteractionSequences.From(Logs.Of(events));
            var report = LeakageCheck.Of(sequences, DataSplit.Of(sequences, kind, maxLength));
            Assert.That(report.IsClean, Is.True, string.Join('\n', report.Lines()));
            Assert.That(report.Lines()[0], Does.StartWith("no leak"));
        });

    [Test]
    public void A_held_out_event_in_a_training_example_is_found()
    {
        var split = Planted(split => (split.TrainingEnds.ToArray(), [.. split.Training.ToArray().Append(split.Test.Span[1])], split.Validation.ToArray(),
            split.Test.ToArray()));
        var report = LeakageCheck.Of(Sequences, split);
        Assert.That(report.HeldOutInTraining, Is.EqualTo(2)); // the test's target and, in its history, the validation's
        Assert.That(report.IsClean, Is.False);
        Assert.That(report.Lines()[0], Is.EqualTo("LEAK: 2 held-out events are in training"));
    }

    [Test]
    public void A_held_out_event_that_popularity_may_count_is_found()
    {
        var split = Planted(split => ([split.TrainingEnds[0] + 2, .. split.TrainingEnds[1..]], split.Training.ToArray(), split.Validation.ToArray(),
            split.Test.ToArray()));
        Assert.That(LeakageCheck.Of(Sequences, split).HeldOutInTraining, Is.EqualTo(2));
    }

    [Test]
    public void A_target_in_its_own_history_and_a_test_that_is_the_validation_are_found()
    {
        var split = Planted(split => (split.TrainingEnds.ToArray(), split.Training.ToArray(), split.Validation.ToArray(), [new Example(0, 0, 9, 8)]));
        var report = LeakageCheck.Of(Sequences, split);
        Assert.That(report.HeldOutInOwnHistory, Is.EqualTo(1));
        Assert.That(report.TestInValidation, Is.EqualTo(1));
        Assert.That(report.Lines(), Has.Count.GreaterThan(2).And.Some.Contains("test targets are validation targets too"));
    }

    [Test]
    public void A_history_later_than_its_target_is_found()
    {
        var split = Planted(split => (split.TrainingEnds.ToArray(), split.Training.ToArray(), [], [new Example(0, 5, 4, 1)]));
        Assert.That(LeakageCheck.Of(Sequences, split).HistoryAfterTarget, Is.EqualTo(1));
    }

    [Test]
    public void Training_after_the_moment_of_a_temporal_split_is_found()
    {
        var options = new SplitOptions { Kind = SplitKind.Temporal, ValidationFrom = 6, TestFrom = 8 };
        var split = DataSplit.Of(Sequences, options);
        Assert.That(LeakageCheck.Of(Sequences, split).TrainingAfterFirstHeldOut, Is.Zero);
        int[] later = [.. split.TrainingEnds];
        later[3] += 2;
        var leaking = new DataSplit(options, later, split.Training.ToArray(), split.Validation.ToArray().Where(e => e.User != 3).ToArray(),
            split.Test.ToArray(), []);
        var report = LeakageCheck.Of(Sequences, leaking);
        Assert.That(report.TrainingAfterFirstHeldOut, Is.EqualTo(2));
        Assert.That(report.IsClean, Is.False);
    }

    [Test]
    public void Leave_one_out_says_what_its_protocol_lets_through()
    {
        // User 0 is over before user 1 begins; user 1's last two events are at one time, and its last item is new.
        var sequences = InteractionSequences.From(Logs.Of([(0, 1, 0), (0, 2, 1), (0, 1, 2), (1, 1, 10), (1, 2, 11), (1, 3, 12), (1, 4, 12)]));
        var report = LeakageCheck.Of(sequences, DataSplit.Of(sequences, SplitKind.Published, 10));
        Assert.That(report.IsClean, Is.True);
        Assert.That(report.TestTiedWithHistory, Is.EqualTo(1));
        Assert.That(report.TestWithFutureTraining, Is.EqualTo(1));
        Assert.That(report.MeanFutureShare, Is.EqualTo(3 / 5.0 / 2)
            .Within(1e-12)); // of user 0's test three of five training events lie ahead, of user 1's none
        Assert.That(report.TestItemsUnseen, Is.EqualTo(1));
        Assert.That(report.Lines(), Has.Some.StartsWith("ties: 50.0% of the test targets").And.Some.StartsWith("future: for 50.0% of the test targets")
            .And.Some.StartsWith("unseen: 1 of the test targets (50.0%)"));
    }

    [Test]
    public void Without_times_it_says_what_cannot_be_known()
    {
        var sequences = InteractionSequences.From(Logs.Of(Events, times: false));
        var report = LeakageCheck.Of(sequences, DataSplit.Of(sequences, SplitKind.Validated, 10));
        Assert.That((report.TestTiedWithHistory, report.TestWithFutureTraining, report.MeanFutureShare), Is.EqualTo(((int?)null, (int?)null, (double?)null)));
        Assert.That(report.Lines(), Has.Some.StartsWith("no times"));
    }

    private static DataSplit Planted(Func<DataSplit, (int[] Ends, Example[] Training, Example[] Validation, Example[] Test)> change)
    {
        var split = DataSplit.Of(Sequences, SplitKind.Validated, 100);
        var (ends, training, validation, test) = change(split);
        return new DataSplit(split.Options, ends, training, validation, test, []);
    }
}
