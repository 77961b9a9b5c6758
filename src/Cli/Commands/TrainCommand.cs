using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;
using LargeRec.Training;

namespace LargeRec.Cli.Commands;

/// <summary>largerec train: from an event log to a trained, evaluated model.</summary>
internal static class TrainCommand
{
    private const string Description =
        "Train a model, test it beside two simple floors, and keep the run. Without arguments: on a small log that it generates, in less than a minute.";

    private const string Examples = """
        largerec train
        largerec train --data ml-1m --data-dir ~/data
        largerec train --data events.csv --columns user=who,item=what --epochs 10
        largerec train --data events.csv --set model.layers=4 --run runs/mine
        largerec train --resume runs/mine
        """;

    public static Command Create(StopSignals signals)
    {
        var data = new Option<string?>("--data")
        {
            Description = "A data set (ml-1m, amazon-beauty, ...), or a file of events: CSV, TSV (plain, .gz, .zip), "
            + "Parquet or .xlsx.",
            HelpName = "NAME|FILE"
        }.Completed(DatasetCatalogue.Names);
        var configuration = new Option<string?>("--config")
        {
            Description = "A configuration file, or one that comes with the program, e.g. ml-1m/hstu-large.",
            HelpName = "FILE|NAME"
        }.Completed(EmbeddedConfigurations.Names);
        var run = new Option<string?>("--run") { Description = "Run folder, new or empty; by default the next free runs/DATA-BACKBONE-N.", HelpName = "DIR" };
        var resume = new Option<string?>("--resume")
        {
            Description = "Go on with the run of this folder, exactly as if it had not been stopped.",
            HelpName = "DIR"
        };
        var differentBits = new Option<bool>("--allow-different-bits")
        { Description = "With --resume: go on although this device, or the width of its SIMD registers, is another." };
        var epochs = new Option<string?>("--epochs") { Description = "The same as --set training.epochs=N.", HelpName = "N" };
        var seed = new Option<string?>("--seed") { Description = "The same as --set training.seed=N.", HelpName = "N" };
        var trace = new Option<bool>("--trace-nan") { Description = "Check every value and name the operation at the first NaN or infinity: slow." };
        var profile = new Option<int?>("--profile")
        {
            Description = "Show where the time of N steps goes, after five that warm up: a table, and profile.json "
            + "in the run folder for ui.perfetto.dev.",
            HelpName = "N"
        };
        var peak = SharedOptions.Peak();
        var (columns, timeUnit, skip) = (SharedOptions.Columns(), SharedOptions.TimeUnit(), SharedOptions.SkipBadRows());
        var (dataDirectory, set, threads, device) = (SharedOptions.DataDirectory(), SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var (cacheDirectory, noCache, kernel) = (SharedOptions.CacheDirectory(), SharedOptions.NoCache(), SharedOptions.Kernel());
        var picks = SharedOptions.Picks();
        var command = new ExampleCommand("train", Description, Examples)
        {
            data, dataDirectory, cacheDirectory, noCache, columns, timeUnit, skip, configuration, set, epochs, seed, run, resume, device, kernel, picks,
                threads,
                peak, differentBits, trace, profile,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string[] overrides =
            [
                .. SharedOptions.Override("training.epochs", parsed.GetValue(epochs)),
                .. SharedOptions.Override("training.seed", parsed.GetValue(seed)),
                .. SharedOptions.Override("data.time_unit", parsed.GetValue(timeUnit)),
                .. SharedOptions.ColumnOverrides(parsed.GetValue(columns)),
                .. SharedOptions.SkipOverride(parsed.GetValue(skip)),
                .. parsed.GetValue(set) ?? [],
            ];
            var dataFolder = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory));
            var cache = SharedOptions.CacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache));
            var resumed = parsed.GetValue(resume);
            if (resumed is not null)
            {
                RequireAlone(parsed, run, configuration);
                overrides = [.. ConfigurationChoice.DataOverrides(parsed.GetValue(data)), .. overrides];
            }
            else if (parsed.GetValue(differentBits))
            {
                throw new UsageException("--allow-different-bits goes with --resume");
            }

            var kernelCache = SharedOptions.KernelCacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache));
            using var opened = DeviceChoice.Open(parsed.GetValue(device)!, parsed.GetValue(threads), kernelCache, parsed.GetValue(kernel),
                picks: parsed.GetValue(picks));
            var profiled = ProfiledSteps(parsed.GetValue(profile), opened);
            using var progress = ProgressDisplay.Create(signals);
            try
            {
                var result = resumed is null
                    ? Execute(parsed.GetValue(data), parsed.GetValue(configuration), overrides, opened, progress, new TrainingRunOptions
                    {
                        DataDirectory = dataFolder,
                        Cache = cache,
                        RunDirectory = parsed.GetValue(run),
                        TraceNonFinite = parsed.GetValue(trace),
                        PeakFlopsPerSecond = SharedOptions.PeakOf(parsed.GetValue(peak)),
                        ProfiledSteps = profiled,
                    }, cancellation)
                    : TrainingRun.Resume(resumed, opened, new ResumeOptions
                    {
                        DataDirectory = dataFolder,
                        Cache = cache,
                        Overrides = overrides,
                        AllowDifferentBits = parsed.GetValue(differentBits),
                        TraceNonFinite = parsed.GetValue(trace),
                        PeakFlopsPerSecond = SharedOptions.PeakOf(parsed.GetValue(peak)),
                        ProfiledSteps = profiled,
                    }, progress, cancellation);
                progress.Dispose();
                Print(result, resumed);
            }
            catch (OperationCanceledException)
            {
                progress.Stopped(parsed.GetValue(dataDirectory) is { } folder ? $" --data-dir {folder}" : "");
                throw;
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static TrainingResult Execute(
        string? data, string? configuration, string[] overrides, Device device, ProgressDisplay progress, TrainingRunOptions options,
        CancellationToken cancellation)
    {
        var resolved = ConfigurationChoice.Resolve(data, configuration, overrides, out var origin);
        progress.ShowWithPlan([$"configuration: {origin}", .. ConfigurationLines.Of(resolved)]);
        return TrainingRun.Execute(resolved, device, options, progress, cancellation);
    }

    private static int ProfiledSteps(int? given, Device device) => given switch
    {
        null => 0,
        < 1 => throw new UsageException($"--profile {given}: take at least 1 step"),
        _ when device is not CpuDevice =>
        throw new UsageException($"--profile {given}: only the device cpu is profiled, not '{device.Name}'; leave --device away"),
        { } steps => steps,
    };

    private static void Print(TrainingResult? result, string? resumed)
    {
        if (result is not null)
        {
            ResultPrinter.Print(result);
            return;
        }

        // Finished before: what it came to, again.
        var summary = RunSummary.Read(RunFolder.Open(resumed!).SummaryPath);
        ResultPrinter.PrintMetrics(summary, ResultPrinter.WeightsOf(summary));
        ResultPrinter.PrintCost(summary);
    }

    private static void RequireAlone(ParseResult parsed, params ReadOnlySpan<Option<string?>> others)
    {
        foreach (var other in others)
        {
            if (parsed.GetValue(other) is not null)
            {
                throw new UsageException($"--resume and {other.Name} do not go together: a run goes on in its own folder, with its own configuration");
            }
        }
    }
}
