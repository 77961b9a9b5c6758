namespace LargeRec.Data.Preparation;

/// <summary>
/// Leave-one-out examples of every user, oldest event first, histories cut to their latest <c>maxLength</c> events. With n events, e1 .. en:
/// <code>
///              training                      validation            test
/// published    e1 .. en-2 -> en-1            -                     e1 .. en-1 -> en
/// validated    e1 .. en-3 -> en-2            e1 .. en-2 -> en-1    e1 .. en-1 -> en
/// </code>
/// A user whose history would be empty is left out of that part: training takes 3 events (published) or 4 (validated), validation 3, test 2.
/// Nothing of a held-out event is in training. Source: the public HSTU code, <c>data/reco_dataset.py</c>.
/// </summary>
public sealed class DataSplit
{
    private readonly Example[] _training;
    private readonly Example[] _validation;
    private readonly Example[] _test;

    private DataSplit(SplitKind kind, int maxLength, Example[] training, Example[] validation, Example[] test, IReadOnlyList<string> notes)
    {
        Kind = kind;
        MaxLength = maxLength;
        Notes = notes;
        _training = training;
        _validation = validation;
        _test = test;
    }

    public SplitKind Kind { get; }

    /// <summary>The longest history.</summary>
    public int MaxLength { get; }

    /// <summary>In the order of users, as the other parts.</summary>
    public ReadOnlyMemory<Example> Training => _training;

    /// <summary>Empty where <see cref="Kind"/> is <see cref="SplitKind.Published"/>.</summary>
    public ReadOnlyMemory<Example> Validation => _validation;

    public ReadOnlyMemory<Example> Test => _test;

    /// <summary>What the split is and whom it leaves out: lines to print.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <param name="sequences">Users' events in order.</param>
    /// <param name="kind">Which events are held out.</param>
    /// <param name="maxLength">The longest history, at least 1; older events are dropped.</param>
    public static DataSplit Of(InteractionSequences sequences, SplitKind kind, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        var heldOut = kind == SplitKind.Published ? 1 : 2;
        var training = TargetsFromEnd(sequences, heldOut + 1, maxLength);
        var validation = kind == SplitKind.Published ? [] : TargetsFromEnd(sequences, 2, maxLength);
        var test = TargetsFromEnd(sequences, 1, maxLength);

        var users = sequences.UserCount;
        var notes = new List<string>
        {
            kind == SplitKind.Published
                ? $"split published: each user's last event is the test, all before it but the last the training; latest {maxLength} events of a history"
                : $"split validated: each user's last event is the test, the second-last the validation (and in the test's history); latest {maxLength} events of a history",
            $"users: {training.Length} in training" + (kind == SplitKind.Published ? "" : $", {validation.Length} in validation") + $", {test.Length} in test",
        };
        if (training.Length < users)
        {
            notes.Add($"too short: {users - training.Length} users are left out of training"
                + (kind == SplitKind.Published ? "" : $", {users - validation.Length} out of validation") + $", {users - test.Length} out of the test");
        }

        return new DataSplit(kind, maxLength, training, validation, test, notes);
    }

    /// <summary>For each user with a history of at least one event: the example whose target is the n-th event from the end (1 = the last).</summary>
    private static Example[] TargetsFromEnd(InteractionSequences sequences, int fromEnd, int maxLength)
    {
        var examples = new List<Example>(sequences.UserCount);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var first = sequences.Offsets[user];
            var target = sequences.Offsets[user + 1] - fromEnd;
            var length = Math.Min(target - first, maxLength);
            if (length >= 1)
            {
                examples.Add(new Example(user, target - length, length));
            }
        }

        return [.. examples];
    }
}
