using System.IO.Compression;
using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Training;

namespace LargeRec.Cli.Tests;

/// <summary>What docs/embedding.md shows is compiled and run.</summary>
public sealed class EmbeddingTests
{
    [Test]
    public void The_code_of_the_page_is_the_code_that_is_tested()
        => Assert.That(DocumentedCode.BlocksOf("docs/embedding.md"),
            Is.EqualTo([DocumentedCode.UsingsOf("EmbeddingExamples.cs"), .. DocumentedCode.PartsOf("EmbeddingExamples.cs")]));

    [Test]
    public async Task The_code_of_the_page_runs_from_its_top_to_its_bottom()
    {
        using var folder = new TemporaryFolder();
        using var written = new StringWriter();
        var (startedIn, console) = (Environment.CurrentDirectory, Console.Out);
        Environment.CurrentDirectory = folder.FolderPath;
        Console.SetOut(written);
        try
        {
            Prepare(folder);
            EmbeddingExamples.Inspect();
            EmbeddingExamples.Prepare();
            EmbeddingExamples.Generate();
            await EmbeddingExamples.Download();
            EmbeddingExamples.Configure();
            EmbeddingExamples.Train();
            EmbeddingExamples.Resume();
            EmbeddingExamples.Evaluate();
            EmbeddingExamples.Recommend();
            EmbeddingExamples.Compare();
        }
        finally
        {
            Environment.CurrentDirectory = startedIn;
            Console.SetOut(console);
        }

        string[] said =
        [
            "columns: user = user, item = item, time = timestamp", "100 users, ", "no leak", "u1 began with i", "1 file in ", "training.epochs: 2 or 3",
                "epoch 1: loss ",
            "stopped and saved", "NDCG@10 0.", "MRR 0.", "history length ", "1. ", "after those: i", "mine: Finished, NDCG@10 0.", "other: Finished",
            "training.epochs: 3 or 1", "report: ",
        ];
        foreach (var text in said)
        {
            Assert.That(written.ToString(), Does.Contain(text));
        }

        Assert.That(File.ReadLines(folder["top10.csv"]).Count(), Is.EqualTo(1001), "ten items for each of 100 users, and a header");
        Assert.That(File.ReadLines(folder["generated.csv"]).Count(), Is.GreaterThan(1000));
        Assert.That(folder.Entries, Does.Contain("largerec.schema.json").And.Contain("runs/mine/report.html").And.Contain("data/taobao/UserBehavior.csv"));
    }

    /// <summary>What the page takes as given: a user's file, an archive fetched by hand, and a second run.</summary>
    private static void Prepare(TemporaryFolder folder)
    {
        EventLogWriter.WriteCsv(GeneratedLog.Generate(new GeneratorOptions { Users = 100, Items = 60 }), folder["events.csv"]);
        using (var zip = ZipFile.Open(folder["UserBehavior.csv.zip"], ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("UserBehavior.csv").Open())
        {
            entry.Write("1,2,3,pv,1511544070\n"u8);
        }

        using var device = new CpuDevice();
        TrainingRun.Execute(EmbeddedConfigurations.Find("csv").Read(["data.file=events.csv", "training.epochs=1"]), device,
            new TrainingRunOptions { RunDirectory = "runs/other" });
    }
}
