using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
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
        largerec train --data events.csv --columns user=who --epochs 10
        largerec train --data events.csv --set model.layers=4 --run runs/mine
        """;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "A data set (synthetic, ml-100k, ml-1m), or a CSV or TSV file, plain or .gz.", HelpName = "NAME|FILE" };
        var configuration = new Option<string?>("--config") { Description = "A configuration file, or one that comes with the program, e.g. ml-1m/hstu-large.", HelpName = "FILE|NAME" };
        var run = new Option<string?>("--run") { Description = "Run folder, new or empty; by default the next free runs/DATA-BACKBONE-N.", HelpName = "DIR" };
        var epochs = new Option<string?>("--epochs") { Description = "The same as --set training.epochs=N.", HelpName = "N" };
        var seed = new Option<string?>("--seed") { Description = "The same as --set training.seed=N.", HelpName = "N" };
        var trace = new Option<bool>("--trace-nan") { Description = "Check every value and name the operation at the first NaN or infinity: slow." };
        var (columns, timeUnit) = (SharedOptions.Columns(), SharedOptions.TimeUnit());
        var (dataDirectory, set, threads, device) = (SharedOptions.DataDirectory(), SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var command = new ExampleCommand("train", Description, Examples)
        {
            data, dataDirectory, columns, timeUnit, configuration, set, epochs, seed, run, device, threads, trace,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string[] overrides =
            [
                .. SharedOptions.Override("training.epochs", parsed.GetValue(epochs)),
                .. SharedOptions.Override("training.seed", parsed.GetValue(seed)),
                .. SharedOptions.Override("data.time_unit", parsed.GetValue(timeUnit)),
                .. SharedOptions.ColumnOverrides(parsed.GetValue(columns)),
                .. parsed.GetValue(set) ?? [],
            ];
            var resolved = ConfigurationChoice.Resolve(parsed.GetValue(data), parsed.GetValue(configuration), overrides, out var origin);
            var options = new TrainingRunOptions
            {
                DataDirectory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory)),
                RunDirectory = parsed.GetValue(run),
                TraceNonFinite = parsed.GetValue(trace),
            };

            using var cpu = DeviceChoice.Open(parsed.GetValue(device)!, parsed.GetValue(threads));
            using var progress = ProgressDisplay.Create();
            progress.Note($"configuration: {origin}");
            foreach (var line in ConfigurationLines.Of(resolved))
            {
                progress.Note(line);
            }

            try
            {
                var result = TrainingRun.Execute(resolved, cpu, options, progress, cancellation);
                progress.Dispose();
                ResultPrinter.Print(result);
            }
            catch (OperationCanceledException)
            {
                progress.Stopped();
                throw;
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
