using System.Text.Json;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>From the configuration's section data to users' sequences: generated, read and filtered, or taken from a prepared file or the cache.</summary>
public static class ConfiguredSequences
{
    /// <param name="data">What to read, and how it is filtered.</param>
    /// <param name="options">Where data and the cache are.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="DatasetNotFoundException">It is not where it was looked for.</exception>
    /// <exception cref="DataFormatException">It is not what it should be, or no event is left.</exception>
    public static PreparedData Open(DataConfiguration data, ExperimentDataOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        var name = NameOrFile(data);
        var filter = FilterOf(data);
        if (data.Name == DataConfiguration.Delimited && PreparedFile.IsPrepared(name))
        {
            var file = PreparedFile.Open(name);
            return new PreparedData(EventFilter.Apply(file.Sequences, filter), file, $"a prepared file: {name}");
        }

        InteractionSequences Make() =>
            EventFilter.Apply(InteractionSequences.From(DatasetCatalogue.Open(name, options.DataDirectory, ReadingOf(data, options, cancellation))), filter);
        return options.Cache is null || data.Name == DataConfiguration.Synthetic
            ? new PreparedData(Make())
            : options.Cache.OpenOrMake(name, options.DataDirectory, KeyOf(data), Make, cancellation);
    }

    /// <summary>The keys that decide about the sequences, as text: those of splitting and training are put back to what they are by default.</summary>
    private static string KeyOf(DataConfiguration data)
    {
        var defaults = new DataConfiguration();
        return JsonSerializer.Serialize(
            data with
            {
                File = null,
                MaxLength = defaults.MaxLength,
                Split = defaults.Split,
                Fraction = defaults.Fraction,
                ValidationFraction = defaults.ValidationFraction,
                TestFraction = defaults.TestFraction,
                ValidationFrom = null,
                TestFrom = null,
            },
            ConfigurationJson.Default.DataConfiguration);
    }

    private static string NameOrFile(DataConfiguration data) => data.Name != DataConfiguration.Delimited
        ? data.Name
        : data.File ?? throw new ConfigurationException("data.name is csv, but data.file is missing; give the file: --data FILE.csv or --set "
            + "data.file=FILE.csv");

    private static EventFilterOptions FilterOf(DataConfiguration data) => new()
    {
        MinRating = data.MinRating,
        Behaviours = data.Behaviours is null ? [] : [.. data.Behaviours.Split(',').Select(name => name.Trim())],
        DropRepeats = data.DropRepeats,
        MinUserEvents = data.MinUserEvents,
        MinItemEvents = data.MinItemEvents,
        KCore = data.KCore,
    };

    private static DatasetOptions ReadingOf(DataConfiguration data, ExperimentDataOptions options, CancellationToken cancellation)
    {
        var generator = data.Generator ?? new GeneratorConfiguration();
        return new DatasetOptions
        {
            Reading = new ReadingOptions { SkipBadRows = data.SkipBadRows, Progress = options.Progress, Cancellation = cancellation },
            Delimited = new DelimitedLogOptions { Columns = data.Columns ?? new ColumnMapping(), TimeUnit = data.TimeUnit },
            Generator = new GeneratorOptions { Users = generator.Users, Items = generator.Items, Seed = generator.Seed },
            OpenRandomStream = PhiloxDraws.OfGenerator,
        };
    }
}
