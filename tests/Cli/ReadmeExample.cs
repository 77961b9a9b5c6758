using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Configuration;
using LargeRec.Training;

namespace LargeRec.Cli.Tests;

/// <summary>The README's C# block, word for word: <see cref="ReadmeTests"/> compares the two and runs this.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        // README begins
        using var device = new CpuDevice();
        var configuration = EmbeddedConfigurations.Find("csv").Read(["data.file=events.csv", "training.epochs=5"]);
        var trained = TrainingRun.Execute(configuration, device);
        Console.WriteLine($"NDCG@10 {trained.Summary.Test["ndcg@10"]:F4}");

        using var recommender = trained.OpenRecommender();
        foreach (var item in recommender.Recommend("u1", count: 5))
        {
            Console.WriteLine($"{item.Rank}. {item.Title ?? item.ItemId} {item.Score:F3}");
        }

        // README ends
    }
}
