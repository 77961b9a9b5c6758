using CsCheck;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

public sealed class DataSplitTests
{
    private static readonly Gen<InteractionSequences> Sequences = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 9], Gen.Long[0, 12]).Array[1, 80]
        .Select(events => InteractionSequences.From(Logs.Of(events)));

    private static readonly Gen<SplitKind> Kinds = Gen.Enum<SplitKind>();

    [Test]
    public void Parts_are_what_a_naive_reading_of_the_protocol_gives()
        => Gen.Select(Sequences, Kinds, Gen.Int[1, 6]).Sample((sequences, kind, maxLength) =>
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

    [TestCase(SplitKind.Published, 3, 0, 4)]
    [TestCase(SplitKind.Validated, 2, 3, 4)]
    public void Users_too_short_for_a_part_are_left_out_and_counted(SplitKind kind, int training, int validation, int test)
    {
        var events = Enumerable.Range(1, 5).SelectMany(length => Enumerable.Range(0, length).Select(i => (User: length - 1, Item: i + 1, Time: (long)i))).ToArray();
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
