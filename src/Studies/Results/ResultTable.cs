using System.Globalization;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;
using Parquet;
using Parquet.Schema;

namespace LargeRec.Studies.Results;

/// <summary>A study's results: a row a cell, in the order of the study, finished or not.</summary>
public sealed class ResultTable
{
    private ResultTable(IReadOnlyList<CellResult> rows, IReadOnlyList<ResultColumn> columns, IReadOnlyDictionary<CellResult, DataQuality> quality) =>
        (Rows, Columns, Quality) = (rows, columns, quality);

    public IReadOnlyList<CellResult> Rows { get; }

    /// <summary>cell, state, the axes, seed, what it took, loss, test metrics with their intervals, validation metrics, failure.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Entropies of the data of finished cells, where they were asked for.</summary>
    public IReadOnlyDictionary<CellResult, DataQuality> Quality { get; }

    /// <summary>Reads the run folders of cells.</summary>
    /// <param name="withQuality">Whether to compute the entropies of their data too.</param>
    /// <exception cref="RunFolderException">A file of a finished cell is damaged.</exception>
    public static ResultTable Of(StudyDefinition study, StudyFolder folder, IReadOnlyList<StudyCell> cells, bool withQuality = false)
    {
        CellResult[] rows = [.. cells.Select(cell => Read(folder, cell))];
        var quality = withQuality ? DataQuality.Of(folder, rows) : new Dictionary<CellResult, DataQuality>();
        var columns = new List<ResultColumn>();
        void Add(string name, Type type, Func<CellResult, object?> value) => columns.Add(new ResultColumn(name, type, [.. rows.Select(value)]));
        void AddText(string name, Func<CellResult, string?> value) => Add(name, typeof(string), value);
        void AddCount(string name, Func<CellResult, long?> value) => Add(name, typeof(long), row => value(row));
        void AddNumber(string name, Func<CellResult, double?> value) => Add(name, typeof(double), row => value(row));

        AddText("cell", row => row.Cell.Name);
        AddText("state", row => row.State.ToString().ToLowerInvariant());
        foreach (var axis in study.Axes)
        {
            AddText(axis.Name, row => row.Cell.Labels.GetValueOrDefault(axis.Name));
        }

        AddCount("seed", row => (long)row.Seed);
        AddCount("parameters", row => row.Summary?.Cost?.Parameters);
        AddCount("embedding_parameters", row => row.Summary?.Cost?.EmbeddingParameters);
        AddCount("other_parameters", row => row.Summary?.Cost?.OtherParameters);
        AddCount("epoch_tokens", row => row.Summary?.Cost?.EpochTokens);
        AddCount("tokens", row => row.Summary?.Cost?.Tokens);
        AddNumber("flops_per_token", row => row.Summary?.Cost?.FlopsPerToken);
        AddNumber("training_flops", row => row.Summary?.Cost?.TrainingFlops);
        AddNumber("training_seconds", row => row.Summary?.Cost?.TrainingSeconds);
        AddNumber("seconds", row => row.Summary?.Seconds);
        AddNumber("tokens_per_second", row => row.Summary?.Cost?.TokensPerSecond);
        AddNumber("utilization", row => row.Summary?.Cost?.Utilization);
        AddCount("device_bytes", row => row.Summary?.Cost?.DeviceBytes);
        AddNumber("actual_entropy", row => quality.GetValueOrDefault(row)?.ActualEntropy);
        AddNumber("approximate_entropy", row => quality.GetValueOrDefault(row)?.ApproximateEntropy);
        AddCount("tested_epoch", row => row.Summary?.Epoch);
        AddNumber("loss", row => row.Find("loss"));
        foreach (var metric in rows.SelectMany(row => row.Summary?.Test.Keys ?? []).Distinct())
        {
            AddNumber(metric, row => row.Find(metric));
            AddNumber($"{metric}_low", row => IntervalOf(row, metric)?[0]);
            AddNumber($"{metric}_high", row => IntervalOf(row, metric)?[1]);
        }

        foreach (var metric in rows.SelectMany(row => row.Summary?.Validation?.Keys ?? []).Distinct())
        {
            AddNumber($"validation_{metric}", row => row.Summary?.Validation?.TryGetValue(metric, out var value) == true ? value : null);
        }

        AddText("failure", row => row.Failure);
        return new ResultTable(rows, columns, quality);
    }

    /// <summary>The test's 95% interval, [low, high].</summary>
    public static double[]? IntervalOf(CellResult row, string metric) => row.Summary?.Intervals.GetValueOrDefault("test")?.GetValueOrDefault(metric);

    /// <summary>A cell's loss and metrics in words.</summary>
    public string HeadlineOf(StudyCell cell, IReadOnlyList<string> metrics)
    {
        var row = Rows.First(row => row.Cell == cell);
        return string.Join(", ", metrics.Prepend("loss").Where(name => row.Find(name) is not null)
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"{(name == "loss" ? name : name.ToUpperInvariant())} {row.Find(name):F4}")));
    }

    /// <summary>Writes the table as comma-separated values, whole or not at all.</summary>
    public void WriteCsv(string path)
    {
        var lines = Enumerable.Range(0, Rows.Count).Select(i => CsvLine.Of(Columns.Select(column => Text(column.Values[i]))));
        AtomicFile.WriteText(path, CsvLine.Of(Columns.Select(column => column.Name)) + string.Concat(lines));
    }

    /// <summary>Writes the table as Parquet, whole or not at all; an empty text is a missing one.</summary>
    public void WriteParquet(string path) => AtomicFile.Write(path, stream =>
    {
        // The library closes what it writes to.
        using var buffer = new MemoryStream();
        WriteParquetTo(buffer).GetAwaiter().GetResult();
        stream.Write(buffer.ToArray());
    });

    private static CellResult Read(StudyFolder folder, StudyCell cell)
    {
        var state = folder.StateOf(cell);
        var path = folder.PathOf(cell);
        var run = File.Exists(Path.Combine(path, "config.json")) ? RunFolder.Open(path) : null;
        return new CellResult(
            cell,
            state,
            folder.FailureOf(cell),
            state == CellState.Finished ? RunSummary.Read(run!.SummaryPath) : null,
            run is not null && File.Exists(run.MetricsPath) ? MetricsLog.Read(run.MetricsPath) : []);
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        long count => count.ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private async Task WriteParquetTo(Stream stream)
    {
        DataField[] fields =
        [
            .. Columns.Select(column => column.Type == typeof(string) ? new DataField<string>(column.Name)
                : column.Type == typeof(long) ? new DataField<long?>(column.Name)
                : (DataField)new DataField<double?>(column.Name)),
        ];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        using var rows = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
        {
            var values = Columns[i].Values;
            if (Columns[i].Type == typeof(string))
            {
                await rows.WriteAsync((DataField<string>)fields[i], [.. values.Select(value => (string)(value ?? ""))]);
            }
            else if (Columns[i].Type == typeof(long))
            {
                await rows.WriteAsync(fields[i], (ReadOnlyMemory<long?>)values.Select(value => (long?)value).ToArray());
            }
            else
            {
                await rows.WriteAsync(fields[i], (ReadOnlyMemory<double?>)values.Select(value => (double?)value).ToArray());
            }
        }
    }
}
