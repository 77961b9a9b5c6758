using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Commands;

/// <summary>largerec config: the configurations that come with the program, files and runs, looked at without running anything.</summary>
internal static class ConfigCommand
{
    private const string HelpName = "NAME|FILE|DIR";

    public static Command Create() => new ExampleCommand("config", "Show, compare and describe configurations.", "largerec config show ml-1m/hstu")
    {
        List(),
        Show(),
        Diff(),
        Schema(),
    };

    private static ExampleCommand List()
    {
        var command = new ExampleCommand("list", "The configurations that come with the program.", "largerec config list");
        command.SetAction(_ =>
        {
            var table = new TextTable(("name", false), ("layers", true), ("epochs", true), ("about", false));
            foreach (var name in EmbeddedConfigurations.Names)
            {
                var embedded = EmbeddedConfigurations.Find(name);
                var resolved = embedded.Read();
                table.Add(name, $"{resolved.Model.Layers}", $"{resolved.Training.Epochs}", About(embedded.Text));
            }

            Print(table);
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Show()
    {
        var source = Source("CONFIGURATION");
        var set = SharedOptions.Set();
        var command = new ExampleCommand("show", "A configuration with every key, resolved, as JSON.", """
            largerec config show ml-1m
            largerec config show runs/ml-1m-hstu-1
            largerec config show mine.json --set model.layers=8
            """)
        {
            source, set,
        };
        command.SetAction(parsed =>
        {
            Console.Write(ConfigurationWriter.ToJson(Read(parsed.GetValue(source)!, parsed.GetValue(set) ?? [])));
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Diff()
    {
        var (left, right) = (Source("A"), Source("B"));
        var command = new ExampleCommand("diff", "The keys in which two configurations differ, with both values.", """
            largerec config diff ml-1m/hstu ml-1m/hstu-large
            largerec config diff ml-1m runs/ml-1m-hstu-2
            """)
        {
            left, right,
        };
        command.SetAction(parsed =>
        {
            var (a, b) = (parsed.GetValue(left)!, parsed.GetValue(right)!);
            var differences = ConfigurationDifference.Between(Read(a, []), Read(b, []));
            if (differences.Count == 0)
            {
                Console.WriteLine("no key differs");
                return ExitCodes.Success;
            }

            var table = new TextTable(("key", false), (OneLine.Of(a), false), (OneLine.Of(b), false));
            foreach (var (key, values) in differences)
            {
                table.Add(key, values[0] ?? "-", values[1] ?? "-");
            }

            Print(table);
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Schema()
    {
        var command = new ExampleCommand("schema", "The JSON Schema of configurations, for editors that complete and check files (key $schema).",
            "largerec config schema > largerec.schema.json");
        command.SetAction(_ =>
        {
            Console.Write(ConfigurationJsonSchema.ToJson());
            return ExitCodes.Success;
        });
        return command;
    }

    private static Argument<string> Source(string name) => new(name)
    {
        Description = "A configuration that comes with the program, a file, or a run folder.",
        HelpName = name == "CONFIGURATION" ? HelpName : name,
    };

    private static RunConfiguration Read(string source, IReadOnlyList<string> overrides) =>
        Directory.Exists(source) ? RunFolder.Open(source).ReadConfiguration(overrides) : ConfigurationChoice.Resolve(null, source, overrides, out _);

    /// <summary>What the first comment says, up to its first stop.</summary>
    private static string About(string text)
    {
        var first = text.Split('\n').FirstOrDefault(line => line.StartsWith("//", StringComparison.Ordinal)) ?? "";
        var sentence = first.TrimStart('/', ' ');
        return sentence[..(sentence.AsSpan().IndexOfAny(".:,") is var end and >= 0 ? end : sentence.Length)];
    }

    private static void Print(TextTable table)
    {
        foreach (var line in table.Lines(ConsoleWidth.OfOutput()))
        {
            Console.WriteLine(line);
        }
    }
}
