using System.CommandLine;
using LargeRec.Cli.Output;
using LargeRec.Training;

namespace LargeRec.Cli.Commands;

/// <summary>largerec train: from an event log to a trained, evaluated model.</summary>
internal static class TrainCommand
{
    private const string Text = """
        Train a model, evaluate it beside two simple floors, and keep the run.
        Without arguments it generates a small log of its own and takes about a minute.

        Examples:
          largerec train
          largerec train --data ml-1m --data-dir ~/data
          largerec train --data events.csv --set model.layers=4 --run runs/mine
        """;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "A data set's name (synthetic, ml-100k, ml-1m), or a CSV or TSV file, plain or .gz.", HelpName = "NAME|FILE" };
        var configuration = new Option<string?>("--config") { Description = "A configuration file, or NAME/MODEL of one that comes with the program, e.g. ml-1m/hstu-large.", HelpName = "FILE|NAME" };
        var timeUnit = new Option<string?>("--time-unit") { Description = "A CSV's times: s, ms or iso; without it guessed from their size, and said.", HelpName = "UNIT" };
        var run = new Option<string?>("--run") { Description = "Run folder, new or empty; by default the next free runs/DATA-BACKBONE-N.", HelpName = "DIR" };
        var epochs = new Option<int?>("--epochs") { Description = "The same as --set training.epochs=N.", HelpName = "N" };
        var seed = new Option<ulong?>("--seed") { Description = "The same as --set training.seed=N.", HelpName = "N" };
        var trace = new Option<bool>("--trace-nan") { Description = "Check every value and name the operation at the first NaN or infinity: slow." };
        var (dataDirectory, set, threads, device) = (SharedOptions.DataDirectory(), SharedOptions.Set(), SharedOptions.Threads(), SharedOptions.DeviceName());
        var command = new Command("train", Text) { data, configuration, set, dataDirectory, timeUnit, run, epochs, seed, device, threads, trace };
        command.SetAction((parsed, cancellation) =>
        {
            var overrides = new List<string>();
            Append(overrides, "training.epochs", parsed.GetValue(epochs));
            Append(overrides, "training.seed", parsed.GetValue(seed));
            Append(overrides, "data.time_unit", parsed.GetValue(timeUnit));
            overrides.AddRange(parsed.GetValue(set) ?? []);
            var resolved = ConfigurationChoice.Resolve(parsed.GetValue(data), parsed.GetValue(configuration), overrides, out var origin);
            var options = new TrainingRunOptions
            {
                DataDirectory = SharedOptions.DataDirectoryOf(parsed.GetValue(dataDirectory)),
                RunDirectory = parsed.GetValue(run),
                TraceNonFinite = parsed.GetValue(trace),
            };

            using var cpu = SharedOptions.OpenDevice(parsed.GetValue(device)!, parsed.GetValue(threads));
            using var progress = ProgressDisplay.Create();
            progress.Note($"configuration: {origin}");
            var result = TrainingRun.Execute(resolved, cpu, options, progress, cancellation);
            progress.Dispose();
            ResultPrinter.Print(result);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Append<T>(List<string> overrides, string key, T value)
    {
        if (value is not null)
        {
            overrides.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}={value}"));
        }
    }
}
