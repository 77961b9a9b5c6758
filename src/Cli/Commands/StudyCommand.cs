using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Retrieval.Configuration;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;

namespace LargeRec.Cli.Commands;

/// <summary>largerec study: grids of trainings, resumable, with their results in one table and one report.</summary>
internal static class StudyCommand
{
    private const int MostAtOnce = 1024;

    public static Command Create(StopSignals signals) => new ExampleCommand(
        "study", "Train a grid of configurations, resumable, and put their results into one table.", "largerec study scaling")
    {
        Create(StudyKind.Scaling, "How loss and metrics go with the sizes of model and data. Without arguments: on generated data.", signals),
        Create(StudyKind.Ablation, "What each part of a model is worth: variants beside the first of them.", signals),
        Create(StudyKind.Parameters, "What settings do: width, layers, heads, length.", signals),
    };

    private static ExampleCommand Create(StudyKind kind, string description, StopSignals signals)
    {
        var name = kind.ToString().ToLowerInvariant();
        var configuration = new Option<string?>("--config")
        {
            Description = "A study file, or one that comes with the program; by default the kind's own.",
            HelpName = "FILE|NAME"
        }
            .Completed(EmbeddedStudies.Names);
        var run = new Option<string?>("--run")
        {
            Description = "Study folder: new, or one to go on with; by default the next free studies/KIND-N.",
            HelpName = "DIR"
        };
        var data = new Option<string?>("--data")
        {
            Description = "A data set or a file of events in place of the study's.",
            HelpName = "NAME|FILE"
        }.Completed(DatasetCatalogue.Names);
        var parallel = new Option<int?>("--parallel")
        {
            Description = "Cells at once; by default one a core, fewer where memory does not allow it.",
            HelpName = "N"
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the cells and what they will take." };
        var noEstimate = new Option<bool>("--no-estimate") { Description = "Do not train a few steps of each shape first: no estimate, no check of memory." };
        var stop = new Option<bool>("--stop-on-failure") { Description = "Stop when a cell fails; by default it is recorded and the others go on." };
        var retry = new Option<bool>("--retry-failed") { Description = "Train cells again that made NaN or infinity." };
        var (set, dataDirectory, threads, device) = (SharedOptions.Set(), SharedOptions.DataDirectory(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var (cacheDirectory, noCache, peak) = (SharedOptions.CacheDirectory(), SharedOptions.NoCache(), SharedOptions.Peak());
        var command = new ExampleCommand(name, description, $"""
            largerec study {name}
            largerec study {name} --config mine.json --run studies/mine
            largerec study {name} --run studies/mine
            largerec study {name} --data events.csv --dry-run
            """)
        {
            configuration, run, data, dataDirectory, cacheDirectory, noCache, set, parallel, dryRun, noEstimate, stop, retry, device, threads, peak,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(parallel) is { } given and not (>= 1 and <= MostAtOnce))
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--parallel {given}: take a number from 1 to {MostAtOnce}"));
            }

            var study = Read(kind, parsed.GetValue(configuration), parsed.GetValue(run), parsed.GetValue(data), parsed.GetValue(set) ?? []);
            var folder = parsed.GetValue(run) is { } path ? StudyFolder.At(path) : StudyFolder.Next("studies", kind);
            var kernelCache = SharedOptions.KernelCacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache));
            var deviceName = parsed.GetValue(device)!;
            using var progress = ProgressDisplay.Create(signals);
            var display = new StudyDisplay(progress, signals);
            var work = new StudyRun(study, folder, new StudyOptions
            {
                DataDirectory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory)),
                Cache = SharedOptions.CacheOf(parsed.GetValue(cacheDirectory), parsed.GetValue(noCache)),
                Parallel = parsed.GetValue(parallel),
                Threads = parsed.GetValue(threads),
                IsCpu = deviceName == "cpu",
                StopOnFailure = parsed.GetValue(stop),
                RetryFailed = parsed.GetValue(retry),
                Estimate = !parsed.GetValue(noEstimate),
                PeakFlopsPerSecond = SharedOptions.PeakOf(parsed.GetValue(peak)),
            }, count => DeviceChoice.Open(deviceName, deviceName == "cpu" ? count : 0, kernelCache), display);
            if (parsed.GetValue(dryRun))
            {
                var plan = work.Plan(cancellation);
                progress.Dispose();
                StudyPrinter.PrintPlan(plan);
                return Task.FromResult(ExitCodes.Success);
            }

            try
            {
                var result = work.Execute(cancellation);
                progress.Dispose();
                return Task.FromResult(Finish(result));
            }
            catch (Exception exception) when (display.HasBegun && exception is OperationCanceledException or IOException)
            {
                progress.Note($"go on with: largerec study {name} --run {folder.FolderPath}");
                throw;
            }
        });
        return command;
    }

    private static int Finish(StudyResult result)
    {
        var (results, fits) = result.WriteResults();
        StudyPrinter.PrintResults(results, result.Study.Metrics);
        StudyPrinter.PrintFits(fits);
        Console.WriteLine();
        ResultPrinter.PrintWrapped($"results: {result.Folder.CsvPath}, {result.Folder.ParquetPath}, {result.Folder.FitsPath}, {result.Folder.ReportPath}");
        foreach (var (cell, reason) in result.Failures)
        {
            ResultPrinter.PrintWrapped($"failed: {cell.Name}: {reason}");
        }

        return result.Failures.Count == 0 ? ExitCodes.Success
            : result.Failures.All(failed => failed.Reason.StartsWith("not finite", StringComparison.Ordinal)) ? ExitCodes.NotFinite
            : ExitCodes.Data;
    }

    private static StudyDefinition Read(StudyKind kind, string? configuration, string? run, string? data, string[] set)
    {
        string? baseName = null;
        var overrides = set.ToList();
        if (data is not null)
        {
            string[] chosen = [.. ConfigurationChoice.DataOverrides(data)];
            baseName = chosen.Contains($"data.name={DataConfiguration.Delimited}") ? DataConfiguration.Delimited : data;
            overrides.InsertRange(0, chosen);
        }

        var study = configuration is null && run is not null && StudyFolder.IsStudy(run) ? StudyFolder.Open(run).ReadDefinition(overrides)
            : configuration is { } file && (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(file))
                ? StudyReader.ReadFile(file, baseName, overrides)
            : ReadEmbedded(configuration ?? kind.ToString().ToLowerInvariant(), baseName, overrides);
        return study.Kind == kind ? study : throw new UsageException(
            $"{study.Origin} is a study of the kind {study.Kind.ToString().ToLowerInvariant()}: say largerec study {study.Kind.ToString().ToLowerInvariant()}");
    }

    private static StudyDefinition ReadEmbedded(string name, string? baseName, IReadOnlyList<string> overrides)
    {
        var (text, origin) = EmbeddedStudies.Find(name);
        return StudyReader.Read(text, origin, baseName: baseName, overrides: overrides);
    }
}
