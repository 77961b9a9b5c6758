using System.CommandLine;
using System.Diagnostics;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Storage;
using LargeRec.Engine;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Commands;

/// <summary>largerec evaluate: scores a run's weights, or any safetensors file of the public names.</summary>
internal static class EvaluateCommand
{
    private const string Description = "Test weights on the held-out events, beside two simple floors: a run's own weights, or a safetensors file's.";

    private const string Examples = """
        largerec evaluate --run runs/ml-1m-hstu-1 --data-dir ~/data
        largerec evaluate --run runs/mine --checkpoint last --breakdown
        largerec evaluate --run runs/mine --format json --ranks ranks.csv
        largerec evaluate --config ml-1m/hstu --checkpoint weights.safetensors
        largerec evaluate --run runs/mine --device opencl --beside cpu
        """;

    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "A run folder; its configuration and weights are taken.", HelpName = "DIR" };
        var configuration = new Option<string?>("--config")
        {
            Description = "Without a run: a configuration file, or NAME/MODEL.",
            HelpName = "FILE|NAME"
        }.Completed(EmbeddedConfigurations.Names);
        var data = new Option<string?>("--data")
        {
            Description = "A data set's name, or a file of events; with a run: where its file is now.",
            HelpName = "NAME|FILE"
        }.Completed(DatasetCatalogue.Names);
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "best, last or a step of the run (best by default, last without a validation), or a safetensors file.",
            HelpName = "WHICH|FILE",
        };
        var breakdown = new Option<bool>("--breakdown")
        { Description = "Metrics by history length, popularity of the target, and few training events (cold start)." };
        var format = SharedOptions.Format();
        var ranks = new Option<string?>("--ranks") { Description = "Also write the rank of each test to a CSV file, which is replaced.", HelpName = "FILE" };
        var beside = new Option<string?>("--beside")
        {
            Description = "Rank on this device too, and say how many ranks differ and how near their scores are.",
            HelpName = "DEVICE"
        };
        var (columns, timeUnit, skip) = (SharedOptions.Columns(), SharedOptions.TimeUnit(), SharedOptions.SkipBadRows());
        var (dataDirectory, set, threads, device) = (SharedOptions.DataDirectory(), SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var (cacheDirectory, noCache, kernel) = (SharedOptions.CacheDirectory(), SharedOptions.NoCache(), SharedOptions.Kernel());
        var picks = SharedOptions.Picks();
        var command = new ExampleCommand("evaluate", Description, Examples)
        {
            run, checkpoint, configuration, data, dataDirectory, cacheDirectory, noCache, columns, timeUnit, skip, set, breakdown, format, ranks,
                device, kernel, picks,
                beside, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var clock = Stopwatch.StartNew();
            string[] overrides =
            [
                .. SharedOptions.Override("data.time_unit", parsed.GetValue(timeUnit)),
                .. SharedOptions.ColumnOverrides(parsed.GetValue(columns)),
                .. SharedOptions.SkipOverride(parsed.GetValue(skip)),
                .. parsed.GetValue(set) ?? [],
            ];
            var written = SharedOptions.FormatOf(parsed.GetValue(format));
            var ranksFile = parsed.GetValue(ranks);
            SharedOptions.RequireWritable("--ranks", ranksFile);
            var (resolved, weights) = Choose(parsed.GetValue(run), parsed.GetValue(checkpoint), parsed.GetValue(configuration), parsed.GetValue(data),
                overrides);
            var kernelCache = SharedOptions.KernelCacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache));
            using var opened = DeviceChoice.Open(parsed.GetValue(device)!, parsed.GetValue(threads), kernelCache, parsed.GetValue(kernel),
                picks: parsed.GetValue(picks));
            using var other = parsed.GetValue(beside) is { } name ? DeviceChoice.Open(name, 0, kernelCache, option: "--beside") : null;
            using var progress = ProgressDisplay.Create();
            var source = resolved.Data.File ?? resolved.Data.Name;
            progress.Phase($"reading {source}");
            var dataOptions = new ExperimentDataOptions
            {
                DataDirectory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory)),
                Cache = SharedOptions.CacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache)),
                Progress = new RowsRead(progress, source),
            };
            using var experiment = ExperimentData.Open(resolved, dataOptions, cancellation);
            foreach (var note in experiment.Notes)
            {
                progress.Note(note);
            }

            if (weights.State is not null && weights.State.DataFingerprint != experiment.Fingerprint())
            {
                progress.Note("note: these are not the events, or not the split, that the run was trained on");
            }

            var model = ModelFactory.Create(opened, resolved, experiment.Sequences.Catalogue.TableRows);
            weights.LoadInto(model);
            var evaluator = new Evaluator(resolved.Evaluation, experiment);
            var test = experiment.Split.Test;
            var metrics = evaluator.Evaluate(model, opened, test, done => progress.Ranked("test", done, test.Length), cancellation);
            progress.Phase("floors and intervals");
            var summary = new RunSummary
            {
                Test = metrics.Values,
                Validation = null,
                Intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>> { ["test"] = evaluator.Intervals(metrics, resolved.Training.Seed) },
                Floors = evaluator.Floors(test).ToDictionary(f => f.Key, f => f.Value.Values),
                Protocol = evaluator.Protocol,
                Tests = metrics.Count,
                Users = metrics.UserCount,
                Items = experiment.Sequences.Catalogue.Candidates.Length,
                Step = weights.State?.Step ?? 0,
                Epoch = weights.State?.EpochOfWeights ?? 0,
                Seconds = clock.Elapsed.TotalSeconds,
            };
            var seed = resolved.Training.Seed;
            var breakdowns = parsed.GetValue(breakdown) ? Breakdown.All(experiment, test, metrics.Ranks, resolved.Evaluation.Bootstrap, seed) : [];
            if (ranksFile is not null)
            {
                AtomicFile.Write(ranksFile, stream => RanksFile.WriteCsv(stream, experiment, test, metrics.Ranks));
                progress.Note($"written: {ranksFile}");
            }

            var agreement = other is null ? null : Compare(other, metrics.Ranks);
            progress.Dispose();
            EvaluationPrinter.Print(new EvaluationDocument(weights.Description, summary, breakdowns, agreement), written);
            return Task.FromResult(ExitCodes.Success);

            RankAgreement Compare(Device on, IReadOnlyList<int> found)
            {
                var same = ModelFactory.Create(on, resolved, experiment.Sequences.Catalogue.TableRows);
                weights.LoadInto(same);
                return RankAgreement.Of(found, same, on, experiment, test, resolved.Evaluation, done => progress.Ranked("test again", done, test.Length),
                    cancellation);
            }
        });
        return command;
    }

    /// <summary>The configuration, and the weights of the run's checkpoint or of a file of their own.</summary>
    private static (RunConfiguration Configuration, WeightsChoice Weights) Choose(
        string? run, string? checkpoint, string? configuration, string? data, string[] overrides)
    {
        if (run is null && checkpoint is null)
        {
            throw new UsageException("evaluate needs --run DIR, or --config NAME with --checkpoint FILE");
        }

        if (run is null)
        {
            if (!File.Exists(checkpoint))
            {
                throw new UsageException($"--checkpoint {checkpoint}: there is no such file (best, last and steps are those of a run: give --run DIR)");
            }

            return configuration is not null || data is not null
                ? (ConfigurationChoice.Resolve(data, configuration, overrides, out _), WeightsChoice.OfFile(checkpoint))
                : throw new UsageException($"--checkpoint {checkpoint} needs --config NAME, --data or --run, to know the data and the model that the "
                    + "weights are of");
        }

        if (configuration is not null)
        {
            throw new UsageException("--run and --config do not go together: a run has its own configuration; --set changes a key of it");
        }

        var folder = RunFolder.Open(run);
        var resolved = folder.ReadConfiguration([.. data is null ? [] : ConfigurationChoice.FileOverrides(data), .. overrides]);
        return (resolved, WeightsChoice.Of(folder, checkpoint ?? WeightsChoice.Default));
    }
}
