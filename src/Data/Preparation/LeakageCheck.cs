using System.Collections;

namespace LargeRec.Data.Preparation;

/// <summary>Looks through a split, whoever made it, for held-out events that training or a history has.</summary>
public static class LeakageCheck
{
    public static LeakageReport Of(InteractionSequences sequences, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(split);
        var trained = TrainedEvents(sequences, split);
        var validation = Targets(sequences, split.Validation.Span);
        var test = Targets(sequences, split.Test.Span);
        var heldOut = new BitArray(validation).Or(test);
        var hasTimes = sequences.HasTimes;
        var (futureTargets, futureShare) = hasTimes ? Future(sequences, split, trained) : (0, 0);
        return new LeakageReport
        {
            Kind = split.Kind,
            TestTargets = split.Test.Length,
            ValidationTargets = split.Validation.Length,
            HeldOutInTraining = CountBoth(trained, heldOut),
            HeldOutInOwnHistory = HeldOutInHistory(split.Validation.Span, validation) + HeldOutInHistory(split.Test.Span, test),
            TestInValidation = CountBoth(validation, test),
            HistoryAfterTarget = hasTimes ? LaterThanTarget(sequences, split.Validation.Span) + LaterThanTarget(sequences, split.Test.Span) : 0,
            TrainingAfterFirstHeldOut = split.Kind == SplitKind.Temporal ? AfterFirstHeldOut(sequences, trained, heldOut) : null,
            TestTiedWithHistory = hasTimes ? Tied(sequences, split.Test.Span) : null,
            TestWithFutureTraining = hasTimes ? futureTargets : null,
            MeanFutureShare = hasTimes ? futureShare : null,
            TestItemsUnseen = Unseen(sequences, split.Test.Span, trained),
        };
    }

    /// <summary>The events of training examples, and all that training may count (popularity and the like).</summary>
    private static BitArray TrainedEvents(InteractionSequences sequences, DataSplit split)
    {
        var trained = new BitArray(sequences.EventCount);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            for (var position = sequences.Offsets[user]; position < split.TrainingEnds[user]; position++)
            {
                trained[position] = true;
            }
        }

        foreach (var example in split.Training.Span)
        {
            for (var position = example.Start; position < example.Start + example.Length; position++)
            {
                trained[position] = true;
            }

            trained[example.Target] = true;
        }

        return trained;
    }

    private static BitArray Targets(InteractionSequences sequences, ReadOnlySpan<Example> examples)
    {
        var targets = new BitArray(sequences.EventCount);
        foreach (var example in examples)
        {
            targets[example.Target] = true;
        }

        return targets;
    }

    private static int CountBoth(BitArray a, BitArray b)
    {
        var count = 0;
        for (var i = 0; i < a.Length; i++)
        {
            count += a[i] && b[i] ? 1 : 0;
        }

        return count;
    }

    private static int HeldOutInHistory(ReadOnlySpan<Example> examples, BitArray targets)
    {
        var count = 0;
        foreach (var example in examples)
        {
            for (var position = example.Start; position < example.Start + example.Length; position++)
            {
                if (targets[position])
                {
                    count++;
                    break;
                }
            }
        }

        return count;
    }

    private static int LaterThanTarget(InteractionSequences sequences, ReadOnlySpan<Example> examples)
    {
        var times = sequences.Times;
        var count = 0;
        foreach (var example in examples)
        {
            // Within a user times never decrease, so the last event is the latest.
            count += times[example.Start + example.Length - 1] > times[example.Target] ? 1 : 0;
        }

        return count;
    }

    private static int Tied(InteractionSequences sequences, ReadOnlySpan<Example> examples)
    {
        var times = sequences.Times;
        var count = 0;
        foreach (var example in examples)
        {
            count += times[example.Start + example.Length - 1] == times[example.Target] ? 1 : 0;
        }

        return count;
    }

    private static long AfterFirstHeldOut(InteractionSequences sequences, BitArray trained, BitArray heldOut)
    {
        var times = sequences.Times;
        var first = long.MaxValue;
        for (var i = 0; i < times.Length; i++)
        {
            first = heldOut[i] ? Math.Min(first, times[i]) : first;
        }

        long after = 0;
        for (var i = 0; i < times.Length; i++)
        {
            after += trained[i] && times[i] >= first ? 1 : 0;
        }

        return after;
    }

    private static (int Targets, double MeanShare) Future(InteractionSequences sequences, DataSplit split, BitArray trained)
    {
        var times = sequences.Times;
        var trainingTimes = new List<long>();
        for (var i = 0; i < times.Length; i++)
        {
            if (trained[i])
            {
                trainingTimes.Add(times[i]);
            }
        }

        if (trainingTimes.Count == 0 || split.Test.IsEmpty)
        {
            return (0, 0);
        }

        var targetTimes = new long[split.Test.Length];
        for (var i = 0; i < targetTimes.Length; i++)
        {
            targetTimes[i] = times[split.Test.Span[i].Target];
        }

        // Both in order: one walk counts, for each target, the training events up to its time.
        trainingTimes.Sort();
        Array.Sort(targetTimes);
        var (upTo, targets) = (0, 0);
        double shares = 0;
        foreach (var time in targetTimes)
        {
            while (upTo < trainingTimes.Count && trainingTimes[upTo] <= time)
            {
                upTo++;
            }

            targets += upTo < trainingTimes.Count ? 1 : 0;
            shares += (trainingTimes.Count - upTo) / (double)trainingTimes.Count;
        }

        return (targets, shares / targetTimes.Length);
    }

    private static int Unseen(InteractionSequences sequences, ReadOnlySpan<Example> examples, BitArray trained)
    {
        var seen = new bool[sequences.Catalogue.TableRows];
        var items = sequences.Items;
        for (var i = 0; i < items.Length; i++)
        {
            seen[items[i]] |= trained[i];
        }

        var count = 0;
        foreach (var example in examples)
        {
            count += seen[items[example.Target]] ? 0 : 1;
        }

        return count;
    }
}
