using System.CommandLine;
using System.Diagnostics;
using LargeRec.Cli.Output;
using LargeRec.Engine.Weights;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Commands;

/// <summary>largerec evaluate: scores a run's weights, or any safetensors file of the public names.</summary>
internal static class EvaluateCommand
{
    private const string Text = """
        Evaluate weights on the test events: a run's own, or a safetensors file's.

        Examples:
          largerec evaluate --run runs/ml-1m-hstu-1
          largerec evaluate --config ml-1m/hstu --checkpoint weights.safetensors
        """;

    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "A run folder; its configuration and weights are taken.", HelpName = "DIR" };
        var configuration = new Option<string?>("--config") { Description = "Without a run: a configuration file, or NAME/MODEL.", HelpName = "FILE|NAME" };
        var data = new Option<string?>("--data") { Description = "Without a run: a data set's name, or a CSV or TSV file.", HelpName = "NAME|FILE" };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "best, last or a step of the run (best by default, last without a validation), or a safetensors file.",
            HelpName = "WHICH|FILE",
        };
        var (dataDirectory, set, threads, device) = (SharedOptions.DataDirectory(), SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var command = new Command("evaluate", Text) { run, checkpoint, configuration, data, set, dataDirectory, device, threads };
        command.SetAction((parsed, cancellation) =>
        {
            var clock = Stopwatch.StartNew();
            var folder = parsed.GetValue(run) is { } path ? RunFolder.Open(path) : null;
            var overrides = parsed.GetValue(set) ?? [];
            var which = parsed.GetValue(checkpoint);
            if (folder is null && which is null)
            {
                throw new UsageException("evaluate needs --run DIR, or --config with --checkpoint FILE");
            }

            var resolved = folder?.ReadConfiguration(overrides)
                ?? ConfigurationChoice.Resolve(parsed.GetValue(data), parsed.GetValue(configuration), overrides, out _);
            var isFile = which is not null && (folder is null || File.Exists(which));
            var state = isFile ? null : folder!.Checkpoints.Open(which ?? "best");

            using var progress = ProgressDisplay.Create();
            progress.Phase($"reading {resolved.Data.File ?? resolved.Data.Name}");
            var experiment = ExperimentData.Open(resolved, SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory)));
            foreach (var note in experiment.Notes)
            {
                progress.Note(note);
            }

            using var cpu = SharedOptions.OpenDevice(parsed.GetValue(device)!, parsed.GetValue(threads));
            var model = ModelFactory.Create(cpu, resolved, experiment.Sequences.Catalogue.TableRows);
            using (var weights = state?.OpenWeights() ?? SafetensorsFile.Open(which!))
            {
                ModelWeights.Load(model, weights);
            }

            var evaluator = new Evaluator(resolved.Evaluation, experiment);
            var test = experiment.Split.Test;
            var metrics = evaluator.Evaluate(model, cpu, test, done => progress.Ranked("test", done, test.Length), cancellation);
            progress.Phase("floors and intervals");
            var summary = new RunSummary
            {
                Test = metrics.Values,
                Validation = null,
                Intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>> { ["test"] = evaluator.Intervals(metrics, resolved.Training.Seed) },
                Floors = evaluator.Floors(test).ToDictionary(f => f.Key, f => f.Value.Values),
                Protocol = evaluator.Protocol,
                Users = metrics.Count,
                Items = experiment.Sequences.Catalogue.Candidates.Length,
                Step = state?.State.Step ?? 0,
                Epoch = (state?.State.Epoch ?? 1) - 1,
                Seconds = clock.Elapsed.TotalSeconds,
            };
            progress.Dispose();
            ResultPrinter.PrintMetrics(summary);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
