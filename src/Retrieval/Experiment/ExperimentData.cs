using System.Globalization;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>
/// The data of a configuration: every user's events in order, and which of them are held out. Events may lie in a mapped file: disposing unmaps it, and
/// nothing may use the events any more. Undisposed it stays mapped until the process ends, which does no harm.
/// </summary>
public sealed class ExperimentData : IDisposable
{
    private readonly PreparedData _prepared;
    private readonly Lazy<string> _fingerprint;

    private ExperimentData(PreparedData prepared, DataSplit split)
    {
        (_prepared, Split) = (prepared, split);
        _fingerprint = new(() => SequenceFingerprint.Of(Sequences, Split));
    }

    public InteractionSequences Sequences => _prepared.Sequences;

    public DataSplit Split { get; }

    /// <summary>What was recognised, how events were sorted and filtered, where they come from, who is left out: lines to print.</summary>
    public IEnumerable<string> Notes => [.. Sequences.Notes, .. _prepared.Note is { } note ? [note] : Array.Empty<string>(), .. Split.Notes];

    /// <summary>Tells these events, in this order and split, apart from any others: see <see cref="SequenceFingerprint"/>.</summary>
    public string Fingerprint() => _fingerprint.Value;

    /// <summary>Reads, sorts and splits the configured data, without a cache.</summary>
    /// <param name="configuration">Its section data, and the model's bias.</param>
    /// <param name="dataDirectory">The folder with named data sets; null where none is set.</param>
    /// <exception cref="DatasetNotFoundException">It is not where it was looked for.</exception>
    /// <exception cref="DataFormatException">It is not what it should be, or no user has enough events to be tested.</exception>
    /// <exception cref="ConfigurationException">The model needs times and the data have none.</exception>
    public static ExperimentData Open(RunConfiguration configuration, string? dataDirectory) =>
        Open(configuration, new ExperimentDataOptions { DataDirectory = dataDirectory });

    /// <summary>Reads, sorts, filters and splits the configured data, or opens what was prepared before.</summary>
    /// <inheritdoc cref="Open(RunConfiguration, string?)"/>
    /// <param name="configuration">Its section data, and the model's bias.</param>
    /// <param name="options">Where data and the cache are.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public static ExperimentData Open(RunConfiguration configuration, ExperimentDataOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var prepared = ConfiguredSequences.Open(configuration.Data, options, cancellation);
        try
        {
            var sequences = prepared.Sequences;
            if (!sequences.HasTimes && configuration.Model.Bias is (BiasSetting.Time or BiasSetting.Both))
            {
                throw new ConfigurationException(
                    $"model.bias is {(configuration.Model.Bias == BiasSetting.Time ? "time" : "both")}, but {sequences.Name} has no times; name its column "
                    + $"of times (--columns time=NAME) or set model.bias to position (--set model.bias=position)");
            }

            RequireSpans(sequences);
            var split = DataSplit.Of(sequences,
                SplitOf(configuration.Data) with { TrainsOn = TrainedUsers.Of(configuration.Data.Fraction, sequences.UserCount) });
            if (split.Test.IsEmpty)
            {
                var needed = split.Kind is SplitKind.Published or SplitKind.Validated ? "has 2 events, a history and one to test by"
                    : $"has events both before and in the test of the split {split.Kind.ToString().ToLowerInvariant()}";
                throw new DataFormatException(sequences.Name, 0, $"no user {needed}", "each row is one event; is the column of users the right one?");
            }

            return new ExperimentData(prepared, split);
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>The split that a configuration asks for.</summary>
    /// <exception cref="ConfigurationException">The validation would begin after the test.</exception>
    public static SplitOptions SplitOf(DataConfiguration data)
    {
        var (validationFrom, testFrom) = (MomentOf(data.ValidationFrom), MomentOf(data.TestFrom));
        return validationFrom > testFrom
            ? throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"data.validation_from is {data.ValidationFrom}, after data.test_from {data.TestFrom}; the validation lies before the test"))
            : new SplitOptions
            {
                Kind = data.Split,
                MaxLength = data.MaxLength,
                ValidationFraction = data.ValidationFraction,
                TestFraction = data.TestFraction,
                ValidationFrom = validationFrom,
                TestFrom = testFrom,
            };
    }

    public void Dispose() => _prepared.Dispose();

    private static long? MomentOf(string? text) => text is null ? null : Moment.TryParse(text, out var milliseconds)
        ? milliseconds
        : throw new ConfigurationException($"'{text}' is no date or ISO 8601 time such as 2001-03-01T12:00:00Z");

    /// <summary>Batches keep times as 32-bit seconds from a history's first event: what cannot be kept is said before anything is computed.</summary>
    private static void RequireSpans(InteractionSequences sequences)
    {
        for (var user = 0; user < sequences.UserCount && sequences.HasTimes; user++)
        {
            var times = sequences.Times[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            if (!times.IsEmpty && (times[^1] / 1000) - (times[0] / 1000) >= int.MaxValue)
            {
                throw new DataFormatException(
                    sequences.Name, 0, $"the events of user '{sequences.UserIds.GetText(user)}' span more than 68 years",
                    "mend their times or state the time unit");
            }
        }
    }
}
