using System.Globalization;
using LargeRec.Engine.Cpu;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;

namespace LargeRec.Retrieval.Tests;

/// <summary>Small experiments: generated, or of users' item lists given by a test.</summary>
internal static class SmallData
{
    /// <summary>The configuration of a small generated log and a small model.</summary>
    public static RunConfiguration Configuration(params string[] overrides) => EmbeddedConfigurations.Find("synthetic").Read(
    [
        "data.generator.users=60", "data.generator.items=40", "data.max_length=12", "model.width=8", "model.dqk=8", "model.dv=8", .. overrides,
    ]);

    public static ExperimentData Generated(params string[] overrides) => ExperimentData.Open(Configuration(overrides), dataDirectory: null);

    public static SequenceModel Model(CpuDevice device, ExperimentData data, params string[] overrides) =>
        ModelFactory.Create(device, Configuration(overrides), data.Sequences.Catalogue.TableRows);

    /// <summary>Users with these items, a second after another.</summary>
    public static ExperimentData Of(IReadOnlyList<int[]> users, params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        var file = folder["events.csv"];
        var rows = users.SelectMany((items, user) => items.Select((item, i) => string.Create(CultureInfo.InvariantCulture, $"{user},{item},{i}")));
        File.WriteAllLines(file, ["user,item,timestamp", .. rows]);
        return ExperimentData.Open(EmbeddedConfigurations.Find("csv").Read([$"data.file={file}", .. overrides]), dataDirectory: null);
    }

    /// <summary>Twenty users of ten items without times.</summary>
    public static ExperimentData WithoutTimes()
    {
        using var folder = new TemporaryFolder();
        var file = folder["events.csv"];
        File.WriteAllLines(file, ["user,item", .. from user in Enumerable.Range(0, 20) from i in Enumerable.Range(0, 6) select $"{user},{(user + i) % 10}"]);
        return ExperimentData.Open(EmbeddedConfigurations.Find("csv").Read([$"data.file={file}", "model.bias=position"]), dataDirectory: null);
    }
}
