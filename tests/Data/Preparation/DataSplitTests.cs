using CsCheck;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class DataSplitTests
{
    private static readonly Gen<InteractionSequences> Sequences = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[0, 12]).Array[1, 80]
        .Select(events => InteractionSequences.From(Logs.Of(events)));

    private static readonly Gen<SplitKind> Kinds = Gen.Enum<SplitKind>();

    private static readonly Gen<SplitKind> LeaveOneOut = Gen.Bool.Select(published => published ? SplitKind.Published : SplitKind.Validated);

    [Test]
    public void Parts_are_what_a_naive_reading_of_the_protocol_gives()
        => Gen.Select(Sequences, LeaveOneOut, Gen.Int[1, 6]).Sample((sequences, kind, maxLength) =>
        {
            var split = DataSplit.Of(sequences, kind, maxLength);
            var (training, validation, test) = (new List<int[]>(), new List<int[]>(), new List<int[]>());
            for (var user = 0; user < sequences.UserCount; user++)
            {
                int[] events = [.. Enumerable.Range(sequences.Offsets[user], sequences.LengthOf(user))];
                AddIfPredictable(test, events, maxLength);
                if (kind == SplitKind.Validated)
                {
                    AddIfPredictable(validation, [.. events.SkipLast(1)], maxLength);
                }

                AddIfPredictable(training, [.. events.SkipLast(kind == SplitKind.Validated ? 2 : 1)], maxLength);
            }

            Assert.That(Positions(split.Training), Is.EqualTo(training));
            Assert.That(Positions(split.Validation), Is.EqualTo(validation));
            Assert.That(Positions(split.Test), Is.EqualTo(test));
        });

    [Test]
    public void No_held_out_event_is_in_training()
        => Gen.Select(Sequences, Kinds, Gen.Int[1, 100]).Sample((sequences, kind, maxLength) =>
        {
            var split = DataSplit.Of(sequences, kind, maxLength);
            var trained = Positions(split.Training).SelectMany(positions => positions).ToHashSet();
            foreach (var example in split.Test.ToArray().Concat(split.Validation.ToArray()))
            {
                Assert.That(trained, Does.Not.Contain(example.Target));
            }
        });

    [Test]
    public void Examples_stay_within_their_user()
        => Gen.Select(Sequences, Kinds, Gen.Int[1, 6]).Sample((sequences, kind, maxLength) =>
        {
            var split = DataSplit.Of(sequences, kind, maxLength);
            foreach (var example in (Example[])[.. split.Training.Span, .. split.Validation.Span, .. split.Test.Span])
            {
                Assert.That(example.Start, Is.GreaterThanOrEqualTo(sequences.Offsets[example.User]));
                Assert.That(example.Target, Is.LessThan(sequences.Offsets[example.User + 1]));
                Assert.That(example.Length, Is.InRange(1, maxLength));
            }
        });

    [Test]
    public void What_training_may_count_ends_where_its_examples_end()
        => Gen.Select(Sequences, Kinds, Gen.Int[1, 6]).Sample((sequences, kind, maxLength) =>
        {
            var split = DataSplit.Of(sequences, kind, maxLength);
            var heldOut = split.Test.ToArray().Concat(split.Validation.ToArray()).ToLookup(example => example.User, example => example.Target);
            var trained = split.Training.ToArray().ToDictionary(example => example.User);
            for (var user = 0; user < sequences.UserCount; user++)
            {
                Assert.That(split.TrainingEnds[user], Is.InRange(sequences.Offsets[user], sequences.Offsets[user + 1]));
                Assert.That(heldOut[user], Has.All.GreaterThanOrEqualTo(split.TrainingEnds[user]));
                if (trained.TryGetValue(user, out var example))
                {
                    Assert.That(example.Target, Is.EqualTo(split.TrainingEnds[user] - 1));
                }
            }
        });

    [Test]
    public void Temporal_takes_each_users_first_event_after_a_moment_that_is_the_same_for_all()
        => Gen.Select(Sequences, Gen.Long[0, 12], Gen.Long[0, 12], Gen.Int[1, 6]).Sample((sequences, one, other, maxLength) =>
        {
            var (validation, test) = (Math.Min(one, other), Math.Max(one, other));
            var split = DataSplit.Of(sequences, new SplitOptions
            {
                Kind = SplitKind.Temporal,
                MaxLength = maxLength,
                ValidationFrom = validation,
                TestFrom = test
            });
            Assert.That(split.Validation.ToArray(), Is.EqualTo(FirstFrom(validation, test)));
            Assert.That(split.Test.ToArray(), Is.EqualTo(FirstFrom(test, long.MaxValue)));
            foreach (var example in split.Training.ToArray())
            {
                Assert.That(sequences.Times[example.Target], Is.LessThan(validation));
            }

            List<Example> FirstFrom(long from, long to)
            {
                var examples = new List<Example>();
                for (var user = 0; user < sequences.UserCount; user++)
                {
                    int[] own = [.. Enumerable.Range(sequences.Offsets[user], sequences.LengthOf(user))];
                    var before = own.Where(i => sequences.Times[i] < from).TakeLast(maxLength).ToArray();
                    var after = own.Where(i => sequences.Times[i] >= from && sequences.Times[i] < to).ToArray();
                    if (before.Length > 0 && after.Length > 0)
                    {
                        examples.Add(new Example(user, before[0], before.Length, after[0]));
                    }
                }

                return examples;
            }
        });

    [Test]
    public void Temporal_fractions_cut_the_events_of_all_users_together()
    {
        var sequences = InteractionSequences.From(Logs.Of([.. Enumerable.Range(0, 100).Select(i => (User: i % 2, Item: 1 + i % 7, Time: (long)i))]));
        var split = DataSplit.Of(sequences, new SplitOptions { Kind = SplitKind.Temporal, ValidationFraction = 0.2, TestFraction = 0.1 });
        Assert.That(split.Training.ToArray().Sum(example => example.Length + 1), Is.EqualTo(70));
        Assert.That(split.Validation.ToArray().Select(example => sequences.Times[example.Target]), Is.EquivalentTo([70, 71]));
        Assert.That(split.Test.ToArray().Select(example => sequences.Times[example.Target]), Is.EquivalentTo([90, 91]));
        Assert.That(split.Notes[0], Does.StartWith("split temporal: events before 1970-01-01 00:00:00 are the training"));
    }

    [TestCase(4, 3, 1, 0)]
    [TestCase(5, 4, 0, 1)]
    [TestCase(10, 8, 1, 1)]
    [TestCase(20, 16, 2, 2)]
    public void Ratio_makes_each_event_of_a_users_last_parts_a_target(int events, int trained, int validation, int test)
    {
        var sequences = InteractionSequences.From(Logs.Of([.. Enumerable.Range(0, events).Select(i => (User: 0, Item: 1 + i, Time: (long)i))]));
        var split = DataSplit.Of(sequences, new SplitOptions { Kind = SplitKind.Ratio, MaxLength = 3 });
        Assert.That(split.TrainingEnds[0], Is.EqualTo(trained));
        Assert.That(split.Validation.ToArray(), Is.EqualTo(Enumerable.Range(trained, validation).Select(target => new Example(0, trained - 3, 3, target))));
        Assert.That(split.Test.ToArray(), Is.EqualTo(Enumerable.Range(trained + validation, test)
            .Select(target => new Example(0, trained + validation - 3, 3, target))));
    }

    [Test]
    public void Basket_holds_out_all_events_of_a_users_last_times_and_makes_each_item_a_target_once()
    {
        (int, int, long)[] events = [(0, 1, 1), (0, 2, 1), (0, 3, 2), (0, 4, 3), (0, 5, 3), (0, 6, 4), (0, 7, 4), (0, 6, 4), (1, 1, 5), (1, 2, 5), (2, 1, 1),
            (2, 2, 2)];
        var split = DataSplit.Of(InteractionSequences.From(Logs.Of(events)), SplitKind.Basket, 10);
        Assert.That(split.Training.ToArray(), Is.EqualTo([new Example(0, 0, 2, 2)]));
        Assert.That(split.Validation.ToArray(), Is.EqualTo([new Example(0, 0, 3, 3), new Example(0, 0, 3, 4)]));
        Assert.That(split.Test.ToArray(), Is.EqualTo([new Example(0, 0, 5, 5), new Example(0, 0, 5, 6), new Example(2, 10, 1, 11)]));
        Assert.That(split.Notes[1], Is.EqualTo("users: 1 in training, 1 (2 targets) in validation, 2 (3 targets) in test"));
    }

    [TestCase(SplitKind.Temporal)]
    [TestCase(SplitKind.Basket)]
    public void Splits_by_time_need_times(SplitKind kind)
        => Assert.That(
            () => DataSplit.Of(InteractionSequences.From(Logs.Of([(0, 1, 1), (0, 2, 2)], times: false)), kind, 10),
            Throws.TypeOf<DataFormatException>().With.Message.EqualTo(
                $"test: split {kind.ToString().ToLowerInvariant()} needs times and there are none; "
                + $"name the column of times, or take the split validated or ratio"));

    [TestCase(0.5, 0.5)]
    [TestCase(-0.1, 0.1)]
    [TestCase(0.1, 0.0)]
    public void Impossible_fractions_are_named(double validation, double test)
        => Assert.That(
            () => DataSplit.Of(InteractionSequences.From(Logs.Of([(0, 1, 1)])),
            new SplitOptions { Kind = SplitKind.Ratio, ValidationFraction = validation, TestFraction = test }),
            Throws.ArgumentException.With.Message.Contains("the test's must be above 0, the validation's at least 0, both together below 1"));

    [TestCase(SplitKind.Published, 3, 0, 4)]
    [TestCase(SplitKind.Validated, 2, 3, 4)]
    public void Users_too_short_for_a_part_are_left_out_and_counted(SplitKind kind, int training, int validation, int test)
    {
        var events = Enumerable.Range(1, 5).SelectMany(length => Enumerable.Range(0, length).Select(i => (User: length - 1, Item: i + 1, Time: (long)i)))
            .ToArray();
        var split = DataSplit.Of(InteractionSequences.From(Logs.Of(events)), kind, 10);
        Assert.That(split.Training.Length, Is.EqualTo(training));
        Assert.That(split.Validation.Length, Is.EqualTo(validation));
        Assert.That(split.Test.Length, Is.EqualTo(test));
        Assert.That(split.Notes[^1], Does.StartWith($"too short: {5 - training} users are left out of training").And.EndWith("1 out of the test"));
    }

    private static void AddIfPredictable(List<int[]> part, int[] events, int maxLength)
    {
        if (events.Length >= 2)
        {
            part.Add([.. events.TakeLast(maxLength + 1)]);
        }
    }

    /// <summary>Positions of each example's history and target.</summary>
    private static IEnumerable<int[]> Positions(ReadOnlyMemory<Example> examples)
        => examples.ToArray().Select(example => Enumerable.Range(example.Start, example.Length).Append(example.Target).ToArray());
}
