using LargeRec.Data.Events;
using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>A run's folder recommends by itself what the run recommended with its data in memory.</summary>
public sealed class RecommendFromRunTests
{
    private TemporaryFolder _folder = null!;
    private CpuDevice _device = null!;
    private TrainingResult _result = null!;

    [OneTimeSetUp]
    public void Train()
    {
        (_folder, _device) = (new TemporaryFolder(), new CpuDevice(2));
        _result = TrainingRun.Execute(TinyRun.Configuration("training.epochs=3"), _device, new TrainingRunOptions { RunDirectory = _folder["run"] });
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void The_folder_gives_the_lists_of_the_run()
    {
        using var device = new CpuDevice(1);
        using var fromMemory = _result.OpenRecommender();
        using var fromFolder = Recommender.Open(RunFolder.Open(_folder["run"]), device, WeightsChoice.Of(_result.Folder, $"{_result.Summary.Step}"));
        var users = Enumerable.Range(0, _result.Data.Sequences.UserCount).ToArray();
        Assert.That(fromFolder.MedianGap, Is.EqualTo(fromMemory.MedianGap));
        var (expected, lists) = (fromMemory.Recommend(users).ToArray(), fromFolder.Recommend(users).ToArray());
        Assert.That(lists.Select(l => (l.UserId, l.At)), Is.EqualTo(expected.Select(l => (l.UserId, l.At))));
        Assert.That(lists.SelectMany(l => l.Items), Is.EqualTo(expected.SelectMany(l => l.Items)));
        Assert.That(lists, Has.Length.EqualTo(60));
    }

    [Test]
    public void Best_is_taken_where_nothing_is_said_and_a_file_of_weights_where_one_is_named()
    {
        var best = WeightsChoice.Of(_result.Folder);
        Assert.That(best.State!.Step, Is.EqualTo(_result.Summary.Step));
        Assert.That(best.Description, Is.EqualTo($"weights of epoch {_result.Summary.Epoch} (step {_result.Summary.Step})"));
        File.Copy(best.Path, _folder["w.safetensors"]);
        var file = WeightsChoice.Of(_result.Folder, _folder["w.safetensors"]);
        Assert.That((file.State, file.Description), Is.EqualTo(((CheckpointState?)null, $"weights of {_folder["w.safetensors"]}")));
        using var one = Recommender.Open(_result.Folder, _device);
        using var other = Recommender.Open(_result.Folder, _device, file);
        Assert.That(other.Recommend("u1"), Is.EqualTo(one.Recommend("u1")));
        Assert.That(() => WeightsChoice.Of(_result.Folder, "999"), Throws.InstanceOf<RunFolderException>());
        Assert.That(() => WeightsChoice.Of(_result.Folder, _folder["none.safetensors"]),
            Throws.InstanceOf<RunFolderException>().With.Message.Contains("is neither best nor last nor a step"));
    }

    [Test]
    public void A_folder_without_histories_says_what_to_do_and_a_damaged_one_what_is_wrong()
    {
        var run = RunFolder.Create(_folder["old"]);
        run.WriteConfiguration(_result.Folder.ReadConfiguration());
        var weights = WeightsChoice.Of(_result.Folder);
        Assert.That(
            () => Recommender.Open(run, _device, weights),
            Throws.InstanceOf<RunFolderException>()
            .With.Message.Contains("did not keep users' histories cannot recommend; train it again (largerec train --config "));
        var bytes = File.ReadAllBytes(_result.Folder.HistoriesPath);
        File.WriteAllBytes(run.HistoriesPath, bytes[..(bytes.Length / 2)]);
        Assert.That(() => Recommender.Open(run, _device, weights), Throws.InstanceOf<DataFormatException>().With.Message.Contains("histories.prepared"));
    }

    [Test]
    public void A_finished_run_has_its_report()
    {
        var report = File.ReadAllText(_result.Folder.ReportPath);
        Assert.That(report, Does.Contain("NDCG@10 by epoch").And.Contain("Training loss").And.Contain(_result.Summary.Protocol));
    }
}
