using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Experiment;

/// <summary>The data of a configuration: every user's events in order, and which of them are held out.</summary>
public sealed class ExperimentData
{
    private ExperimentData(InteractionSequences sequences, DataSplit split) => (Sequences, Split) = (sequences, split);

    public InteractionSequences Sequences { get; }

    public DataSplit Split { get; }

    /// <summary>What was recognised, how events were sorted, who is left out: lines to print.</summary>
    public IEnumerable<string> Notes => [.. Sequences.Notes, .. Split.Notes];

    /// <summary>Tells these events, in this order and split, apart from any others: the SHA-256 of users' offsets, items and times.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Sequences.Offsets));
        hash.AppendData(MemoryMarshal.AsBytes(Sequences.Items));
        hash.AppendData(MemoryMarshal.AsBytes(Sequences.Times));
        hash.AppendData([(byte)Split.Kind]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads, sorts and splits the configured data.</summary>
    /// <param name="configuration">Its section data, and the model's bias.</param>
    /// <param name="dataDirectory">The folder with named data sets; null where none is set.</param>
    /// <exception cref="DatasetNotFoundException">It is not where it was looked for.</exception>
    /// <exception cref="DataFormatException">It is not what it should be, or no user has enough events to be tested.</exception>
    /// <exception cref="ConfigurationException">The model needs times and the data have none.</exception>
    public static ExperimentData Open(RunConfiguration configuration, string? dataDirectory)
    {
        var data = configuration.Data;
        var log = DatasetCatalogue.Open(NameOrFile(data), dataDirectory, OptionsOf(data));
        if (!log.HasTimes && configuration.Model.Bias is (BiasSetting.Time or BiasSetting.Both))
        {
            throw new ConfigurationException(
                $"model.bias is {(configuration.Model.Bias == BiasSetting.Time ? "time" : "both")}, but {log.Name} has no times; name its column of times or set model.bias to position (--set model.bias=position)");
        }

        var sequences = InteractionSequences.From(log);
        RequireSpans(sequences);
        var split = DataSplit.Of(sequences, data.Split == SplitSetting.Published ? SplitKind.Published : SplitKind.Validated, data.MaxLength);
        return split.Test.IsEmpty
            ? throw new DataFormatException(log.Name, 0, "no user has 2 events, a history and one to test by", "each row is one event; is the column of users the right one?")
            : new ExperimentData(sequences, split);
    }

    /// <summary>Batches keep times as 32-bit seconds from a history's first event: what cannot be kept is said before anything is computed.</summary>
    private static void RequireSpans(InteractionSequences sequences)
    {
        for (var user = 0; user < sequences.UserCount && sequences.HasTimes; user++)
        {
            var times = sequences.Times[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            if ((times[^1] / 1000) - (times[0] / 1000) >= int.MaxValue)
            {
                throw new DataFormatException(
                    sequences.Name, 0, $"the events of user '{sequences.UserIds.GetText(user)}' span more than 68 years", "mend their times or state the time unit");
            }
        }
    }

    private static string NameOrFile(DataConfiguration data) => data.Name != DataConfiguration.Delimited
        ? data.Name
        : data.File ?? throw new ConfigurationException("data.name is csv, but data.file is missing; give the file: --data FILE.csv or --set data.file=FILE.csv");

    private static DatasetOptions OptionsOf(DataConfiguration data)
    {
        var generator = data.Generator ?? new GeneratorConfiguration();
        return new DatasetOptions
        {
            Reading = new ReadingOptions { SkipBadRows = data.SkipBadRows },
            Delimited = new DelimitedLogOptions { Columns = data.Columns ?? new ColumnMapping(), TimeUnit = data.TimeUnit },
            Generator = new GeneratorOptions { Users = generator.Users, Items = generator.Items, Seed = generator.Seed },
            OpenRandomStream = seed => new PhiloxRandomStream(seed),
        };
    }
}
