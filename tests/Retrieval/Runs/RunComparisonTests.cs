using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class RunComparisonTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public void Metrics_and_keys_stand_side_by_side()
    {
        SmallRun.Finished(_folder["a"]);
        SmallRun.Finished(_folder["b"], ndcg: 0.3, overrides: "model.layers=4");
        var comparison = Compare("a", "b");
        Assert.That(comparison.Warnings, Is.Empty);
        Assert.That(comparison.Metrics, Is.EqualTo(new[] { "hr@10", "ndcg@10", "mrr" }));
        Assert.That(comparison.Differences.Select(d => $"{d.Key} {string.Join(' ', d.Values)}"), Is.EqualTo(new[] { "model.layers 2 4" }));
        Assert.That(RunComparison.IntervalOf(comparison.Runs[0], "ndcg@10"), Is.EqualTo((0.23, 0.27)));
        Assert.That(RunComparison.IntervalOf(comparison.Runs[0], "mrr"), Is.Null);
    }

    [Test]
    public void Other_protocols_and_other_data_are_warned_of()
    {
        SmallRun.Finished(_folder["a"]);
        SmallRun.Finished(_folder["protocol"], protocol: "another");
        SmallRun.Finished(_folder["items"], items: 41);
        SmallRun.Finished(_folder["name"], file: "x.csv");
        Assert.That(Compare("a", "protocol").Warnings, Is.EqualTo(new[] { "the protocols differ: numbers of different protocols are not comparable" }));
        Assert.That(Compare("a", "items").Warnings.Single(), Does.Contain("candidates differ"));
        Assert.That(Compare("a", "name").Warnings.Single(), Does.Contain("data sets differ by name"));
    }

    [Test]
    public void Data_of_another_fingerprint_are_warned_of_and_an_unknown_one_is_not()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            SmallRun.Finished(_folder[name]);
        }

        Checkpoint("a", "one");
        Checkpoint("b", "two");
        Assert.That(Compare("a", "b").Warnings.Single(), Does.Contain("fingerprint"));
        Assert.That(Compare("a", "c").Warnings, Is.Empty);
    }

    [Test]
    public void Only_finished_runs_are_compared()
    {
        SmallRun.Finished(_folder["a"]);
        SmallRun.Unfinished(_folder["b"]);
        Assert.That(() => Compare("a", "b"), Throws.InstanceOf<RunFolderException>().With.Message.Contains("is not finished"));
        Assert.That(() => Compare("a", "nowhere"), Throws.InstanceOf<RunFolderException>().With.Message.Contains("the folder is missing"));
        Assert.That(() => Compare("a"), Throws.ArgumentException);
    }

    private RunComparison Compare(params string[] names) => RunComparison.Of([.. names.Select(name => _folder[name])]);

    private void Checkpoint(string name, string fingerprint)
    {
        var state = new CheckpointState
        {
            Step = 1,
            Epoch = 2,
            BatchIndex = 0,
            EpochLoss = 0,
            EpochTokens = 0,
            ForwardCount = 1,
            Seed = 1,
            DataFingerprint = fingerprint,
            Best = null,
            EvaluationsSinceBest = 0,
            MetricsBytes = 0,
            EventsBytes = 0,
        };
        SafetensorsTensor[] tensors = [SafetensorsTensor.FromSingles("x", [1], new float[] { 1 })];
        RunFolder.Open(_folder[name]).Checkpoints.Write(state, tensors, tensors);
    }
}
