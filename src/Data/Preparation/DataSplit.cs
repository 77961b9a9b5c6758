using System.Globalization;
using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>
/// Which events are trained on and which are held out. Of each user, training takes a first stretch of events, and the validation and the test
/// have one or several targets each, whose history is all that comes before that part; histories are cut to their latest <c>MaxLength</c> events.
/// With a user's n events, e1 .. en:
/// <code>
///              training                      validation            test
/// published    e1 .. en-2 -> en-1            -                     e1 .. en-1 -> en
/// validated    e1 .. en-3 -> en-2            e1 .. en-2 -> en-1    e1 .. en-1 -> en
/// temporal     events before moment 1        the user's first event in [moment 1, moment 2)   its first event from moment 2 on
/// ratio        the first 80%                 each event of the next 10%                       each event of the last 10%
/// basket       all before the baskets held out    each item of the second-last basket         each item of the last basket
/// </code>
/// A training example is one a user: the stretch's last event is its target, and each event of the history predicts the next one too. A user
/// whose history would be empty is left out of that part. Nothing of a held-out event is in training. Sources: the public HSTU code
/// (<c>data/reco_dataset.py</c>) for the published split; one pair of moments for all users with the first event after it as the target is the
/// global temporal split that Meng et al. (2020) and Ji et al. (2023, on leakage) recommend.
/// </summary>
public sealed class DataSplit
{
    private readonly Example[] _training;
    private readonly Example[] _validation;
    private readonly Example[] _test;
    private readonly int[] _trainingEnds;

    internal DataSplit(SplitOptions options, int[] trainingEnds, Example[] training, Example[] validation, Example[] test, IReadOnlyList<string> notes)
    {
        Options = options;
        Notes = notes;
        _trainingEnds = trainingEnds;
        _training = training;
        _validation = validation;
        _test = test;
    }

    /// <summary>What was asked for.</summary>
    public SplitOptions Options { get; }

    public SplitKind Kind => Options.Kind;

    /// <summary>The longest history.</summary>
    public int MaxLength => Options.MaxLength;

    /// <summary>In the order of users, as the other parts.</summary>
    public ReadOnlyMemory<Example> Training => _training;

    /// <summary>Empty where <see cref="Kind"/> is <see cref="SplitKind.Published"/>.</summary>
    public ReadOnlyMemory<Example> Validation => _validation;

    public ReadOnlyMemory<Example> Test => _test;

    /// <summary>By user, the position after the last event that training may use: the user's events from its offset up to here are all that it has.</summary>
    public ReadOnlySpan<int> TrainingEnds => _trainingEnds;

    /// <summary>What the split is and whom it leaves out: lines to print.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Splits by each user's last events.</summary>
    /// <param name="sequences">Users' events in order.</param>
    /// <param name="kind">Which events are held out.</param>
    /// <param name="maxLength">The longest history, at least 1; older events are dropped.</param>
    public static DataSplit Of(InteractionSequences sequences, SplitKind kind, int maxLength) =>
        Of(sequences, new SplitOptions { Kind = kind, MaxLength = maxLength });

    /// <exception cref="DataFormatException">The split needs times and there are none.</exception>
    public static DataSplit Of(InteractionSequences sequences, SplitOptions options)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLength, 1);
        if (options.Kind is SplitKind.Temporal or SplitKind.Basket && !sequences.HasTimes)
        {
            throw new DataFormatException(
                sequences.Name, 0, $"split {(options.Kind == SplitKind.Temporal ? "temporal" : "basket")} needs times and there are none",
                "name the column of times, or take the split validated or ratio");
        }

        return options.Kind switch
        {
            SplitKind.Temporal => new TemporalCut(sequences, options).Split(),
            SplitKind.Ratio => Ratio(sequences, options),
            SplitKind.Basket => Basket(sequences, options),
            _ => LeaveOneOut(sequences, options),
        };
    }

    private static DataSplit LeaveOneOut(InteractionSequences sequences, SplitOptions options)
    {
        var isPublished = options.Kind == SplitKind.Published;
        var parts = new SplitBuilder(sequences, options);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var end = sequences.Offsets[user + 1];
            parts.EndTraining(user, isPublished ? end - 1 : end - 2);
            if (!isPublished)
            {
                parts.AddValidation(user, end - 2, end - 1);
            }

            parts.AddTest(user, end - 1, end);
        }

        return parts.Build(isPublished
            ? $"split published: each user's last event is the test, all before it but the last the training; latest {options.MaxLength} events of a history"
            : $"split validated: each user's last event is the test, the second-last the validation (and in the test's history); latest {options.MaxLength} "
                + $"events of a history");
    }

    private static DataSplit Ratio(InteractionSequences sequences, SplitOptions options)
    {
        RequireFractions(options);
        var parts = new SplitBuilder(sequences, options);
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var (first, end) = (sequences.Offsets[user], sequences.Offsets[user + 1]);

            // Rounded, so that a part is there once its share is half an event, and the training's share is met over all users.
            var test = end - (int)Math.Round((end - first) * options.TestFraction, MidpointRounding.AwayFromZero);
            var validation = end - (int)Math.Round((end - first) * (options.TestFraction + options.ValidationFraction), MidpointRounding.AwayFromZero);
            parts.EndTraining(user, validation);
            parts.AddValidation(user, validation, test);
            parts.AddTest(user, test, end);
        }

        return parts.Build(string.Create(CultureInfo.InvariantCulture,
            $"split ratio: of each user's events the last {options.TestFraction:0.###} are the test, the {options.ValidationFraction:0.###} before them the "
            + $"validation, each event a target with the history before its part; latest {options.MaxLength} events of a history"));
    }

    private static DataSplit Basket(InteractionSequences sequences, SplitOptions options)
    {
        var parts = new SplitBuilder(sequences, options);
        var times = sequences.Times;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var (first, end) = (sequences.Offsets[user], sequences.Offsets[user + 1]);
            var test = BasketBefore(times, first, end);
            var validation = BasketBefore(times, first, test);
            parts.EndTraining(user, validation);
            parts.AddValidation(user, validation, test, onceAnItem: true);
            parts.AddTest(user, test, end, onceAnItem: true);
        }

        return parts.Build(
            $"split basket: each user's events at its last time are the test, those at the second-last time the validation, each item a target with the "
            + $"history before its basket; latest {options.MaxLength} events of a history");
    }

    /// <summary>Where the basket begins that ends at a position; the user's first position where there is none before.</summary>
    private static int BasketBefore(ReadOnlySpan<long> times, int first, int end)
    {
        var begin = end;
        while (begin > first && times[begin - 1] == times[end - 1])
        {
            begin--;
        }

        return begin;
    }

    internal static void RequireFractions(SplitOptions options)
    {
        if (!(options.TestFraction > 0 && options.ValidationFraction >= 0 && options.TestFraction + options.ValidationFraction < 1))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"fractions {options.ValidationFraction} (validation) and {options.TestFraction} (test) are not possible; the test's must be above 0, the "
                + $"validation's at least 0, both together below 1"));
        }
    }
}
