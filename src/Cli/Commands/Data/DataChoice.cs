using System.CommandLine;
using LargeRec.Cli.Output;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Cli.Commands.Data;

/// <summary>The argument and the options that say which data a command of this group is about.</summary>
internal sealed class DataChoice
{
    public Argument<string> Data { get; } = new("NAME|FILE")
    { Description = "A data set's name, or a file of events: CSV, TSV (plain, .gz, .zip), Parquet, .xlsx, or a prepared file." };

    public Option<string?> DataDirectory { get; } = SharedOptions.DataDirectory();

    public Option<string?> CacheDirectory { get; } = SharedOptions.CacheDirectory();

    public Option<bool> NoCache { get; } = SharedOptions.NoCache();

    public Option<string[]> Columns { get; } = SharedOptions.Columns();

    public Option<string?> TimeUnit { get; } = SharedOptions.TimeUnit();

    public Option<bool> SkipBadRows { get; } = SharedOptions.SkipBadRows();

    public Option<string[]> Set { get; } = SharedOptions.Set();

    public void AddTo(Command command)
    {
        command.Arguments.Add(Data);
        foreach (var option in new Option[] { DataDirectory, Columns, TimeUnit, SkipBadRows, Set, CacheDirectory, NoCache })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The section data of the configuration.</summary>
    /// <param name="more">Overrides that other options stand for.</param>
    public DataConfiguration Configuration(ParseResult parsed, IEnumerable<string>? more = null) => ConfigurationChoice.OfData(
        parsed.GetValue(Data)!,
        [
            .. SharedOptions.Override("data.time_unit", parsed.GetValue(TimeUnit)),
            .. SharedOptions.ColumnOverrides(parsed.GetValue(Columns)),
            .. SharedOptions.SkipOverride(parsed.GetValue(SkipBadRows)),
            .. parsed.GetValue(Set) ?? [],
            .. more ?? [],
        ]);

    /// <summary>Opens them, and prints what there is to be said of them.</summary>
    public PreparedData Open(ParseResult parsed, DataConfiguration data, PreparedCache? cache, ProgressDisplay progress, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Data)!;
        progress.Phase($"reading {name}");
        var options = new ExperimentDataOptions
        {
            DataDirectory = SharedOptions.DataDirectoryOf(parsed.GetValue(DataDirectory)),
            Cache = cache,
            Progress = new RowsRead(progress, name),
        };
        var opened = ConfiguredSequences.Open(data, options, cancellation);
        foreach (var note in opened.Sequences.Notes)
        {
            progress.Note(note);
        }

        if (opened.Note is { } origin)
        {
            progress.Note(origin);
        }

        return opened;
    }

    public PreparedCache? Cache(ParseResult parsed) => SharedOptions.CacheOf(parsed.GetValue(CacheDirectory), parsed.GetValue(NoCache));
}
