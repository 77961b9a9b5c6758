namespace LargeRec.Data.Preparation;

/// <summary>Collects the parts of a split, user after user, as ranges of positions.</summary>
internal sealed class SplitBuilder(InteractionSequences sequences, SplitOptions options)
{
    private readonly int[] _trainingEnds = new int[sequences.UserCount];
    private readonly List<Example> _training = new(sequences.UserCount);
    private readonly List<Example> _validation = [];
    private readonly List<Example> _test = new(sequences.UserCount);
    private readonly HashSet<int> _items = [];
    private int _validationUsers;
    private int _testUsers;

    /// <summary>Training takes the user's events before a position, which may lie before its first.</summary>
    public void EndTraining(int user, int end)
    {
        end = options.TrainsOn?.Invoke(user) == false ? sequences.Offsets[user] : Math.Max(end, sequences.Offsets[user]);
        _trainingEnds[user] = end;
        Add(_training, user, end - 1, end, onceAnItem: false);
    }

    /// <summary>The events from a position up to another are targets; the history is what comes before them.</summary>
    /// <param name="onceAnItem">Whether an item that is there twice is one target.</param>
    public void AddValidation(int user, int from, int to, bool onceAnItem = false) => _validationUsers += Add(_validation, user, from, to, onceAnItem) ? 1 : 0;

    /// <inheritdoc cref="AddValidation"/>
    public void AddTest(int user, int from, int to, bool onceAnItem = false) => _testUsers += Add(_test, user, from, to, onceAnItem) ? 1 : 0;

    /// <param name="description">What the split is, in a line.</param>
    public DataSplit Build(string description)
    {
        var users = sequences.UserCount;
        var hasValidation = options.Kind != SplitKind.Published;
        var notes = new List<string>
        {
            description,
            $"users: {_training.Count} in training" + (hasValidation ? $", {Part(_validationUsers, _validation.Count)} in validation" : "")
            + $", {Part(_testUsers, _test.Count)} in test",
        };
        var chosen = options.TrainsOn is { } trains ? Enumerable.Range(0, users).Count(trains) : users;
        if (chosen < users)
        {
            notes.Add($"trained on: {chosen} of {users} users; the others are only tested");
        }

        if (_training.Count < chosen)
        {
            notes.Add($"too short: {chosen - _training.Count} users are left out of training"
                + (hasValidation ? $", {users - _validationUsers} out of validation" : "") + $", {users - _testUsers} out of the test");
        }

        return new DataSplit(options, _trainingEnds, [.. _training], [.. _validation], [.. _test], notes);
    }

    private static string Part(int users, int targets) => users == targets ? $"{users}" : $"{users} ({targets} targets)";

    private bool Add(List<Example> part, int user, int from, int to, bool onceAnItem)
    {
        var length = Math.Min(from - sequences.Offsets[user], options.MaxLength);
        if (length < 1 || from >= to)
        {
            return false;
        }

        _items.Clear();
        var items = sequences.Items;
        for (var target = from; target < to; target++)
        {
            if (!onceAnItem || _items.Add(items[target]))
            {
                part.Add(new Example(user, from - length, length, target));
            }
        }

        return true;
    }
}
