using System.Text.Json;

namespace LargeRec.Bench.Results;

/// <summary>A file of bench/results: what was measured on one machine, the latest of each.</summary>
public sealed record MachineReport(MachineDescription Machine, IReadOnlyList<JobResult> Jobs, IReadOnlyList<ProductsResult> Products)
{
    /// <summary>With a job's result in the place of an older one.</summary>
    public MachineReport With(JobResult result) => this with
    {
        Jobs = [.. Jobs.Where(j => (j.Job, j.Setting, j.Circumstances.Threads) != (result.Job, result.Setting, result.Circumstances.Threads)), result],
    };

    /// <summary>With products in the place of older ones on as many threads.</summary>
    public MachineReport With(ProductsResult result) => this with
    {
        Products = [.. Products.Where(p => p.Circumstances.Threads != result.Circumstances.Threads), result],
    };

    public static MachineReport Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), ResultsJson.Default.MachineReport) ?? throw new JsonException($"{path} holds no report");

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, ResultsJson.Default.MachineReport) + "\n");
}
