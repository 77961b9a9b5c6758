using System.Globalization;

namespace LargeRec.Data.Preparation;

/// <summary>
/// What of the held-out events can be known in training or from a history, in numbers. Some of it is a fault of the split (<see cref="IsClean"/>
/// is false then); some lies in the protocol, and is said so that results can be read for what they are.
/// </summary>
public sealed record LeakageReport
{
    public required SplitKind Kind { get; init; }

    public required int TestTargets { get; init; }

    public required int ValidationTargets { get; init; }

    /// <summary>Events that are targets of test or validation, and in a training example or among the training events too. Must be 0.</summary>
    public required int HeldOutInTraining { get; init; }

    /// <summary>Examples whose history has their own target in it, or another event held out with it. Must be 0.</summary>
    public required int HeldOutInOwnHistory { get; init; }

    /// <summary>Test targets that are validation targets too. Must be 0.</summary>
    public required int TestInValidation { get; init; }

    /// <summary>Examples with an event in the history that is later than the target. Must be 0.</summary>
    public required int HistoryAfterTarget { get; init; }

    /// <summary>Temporal: training events at or after the first held-out event's time. Must be 0 there; null for splits that promise no such order.</summary>
    public required long? TrainingAfterFirstHeldOut { get; init; }

    /// <summary>Test targets at the same time as the last event of their history: which of the two comes first is the file's order only. Null without
    /// times.</summary>
    public required int? TestTiedWithHistory { get; init; }

    /// <summary>Test targets after whose time training still has events, of other users mostly. Null without times.</summary>
    public required int? TestWithFutureTraining { get; init; }

    /// <summary>Mean over test targets of the share of training events that happen after the target. Null without times.</summary>
    public required double? MeanFutureShare { get; init; }

    /// <summary>Test targets whose item no training event has: a model of item ids cannot know it.</summary>
    public required int TestItemsUnseen { get; init; }

    /// <summary>Whether nothing was found that must not be.</summary>
    public bool IsClean => HeldOutInTraining == 0 && HeldOutInOwnHistory == 0 && TestInValidation == 0 && HistoryAfterTarget == 0
        && TrainingAfterFirstHeldOut is null or 0;

    /// <summary>The report in words, a line a finding: first the faults, or that there are none, then what the protocol itself lets through.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = new List<string>();
        Fault(lines, HeldOutInTraining, "held-out events are in training");
        Fault(lines, HeldOutInOwnHistory, "examples have their own target, or one held out with it, in their history");
        Fault(lines, TestInValidation, "test targets are validation targets too");
        Fault(lines, HistoryAfterTarget, "histories have events later than their target");
        Fault(lines, TrainingAfterFirstHeldOut ?? 0, "training events are not before the first held-out event");
        if (lines.Count == 0)
        {
            lines.Add("no leak: no held-out event is in training or in its own history"
                + (TrainingAfterFirstHeldOut is null ? "" : ", and all of training is before all that is held out"));
        }

        if (TestTiedWithHistory is > 0 and var tied)
        {
            lines.Add($"ties: {Share(tied)} of the test targets are at the same time as the end of their history; only the file's order says that "
                + $"they come after"
                + (Kind is SplitKind.Basket ? "" : " (split basket holds such events out together)"));
        }

        if (TestWithFutureTraining is > 0 and var future)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"future: for {Share(future)} of the test targets training has events after the target's time, {100 * MeanFutureShare:F1}% of all training "
                + $"events on average; a model may know what became popular later (split temporal rules it out)"));
        }
        else if (TestWithFutureTraining is null)
        {
            lines.Add("no times: whether training has events from after a target cannot be said");
        }

        if (TestItemsUnseen > 0)
        {
            lines.Add($"unseen: {TestItemsUnseen} of the test targets ({Share(TestItemsUnseen)}) are items that training never has");
        }

        return lines;
    }

    private static void Fault(List<string> lines, long count, string what)
    {
        if (count > 0)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"LEAK: {count:N0} {what}"));
        }
    }

    private string Share(int count) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / Math.Max(1, TestTargets):F1}%");
}
