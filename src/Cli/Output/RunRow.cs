using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli.Output;

/// <summary>A run as `runs list` writes it for programs.</summary>
internal sealed record RunRow(
    string Path, string Name, RunState State, string? Data, string? Backbone, int Epochs, int? EpochsPlanned, double? Hr10, double? Ndcg10, double? Seconds,
    string? Problem)
{
    public static RunRow Of(RunOverview run) => new(
        run.Path,
        run.Name,
        run.State,
        run.Configuration is { } c ? c.Data.File ?? c.Data.Name : null,
        run.Configuration?.Model.Backbone.ToString().ToLowerInvariant(),
        run.Epochs,
        run.Configuration?.Training.Epochs,
        run.Find("hr@10"),
        run.Find("ndcg@10"),
        run.Seconds,
        run.Problem);
}
