using System.Security.Cryptography;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Checkpoints;

public sealed class CheckpointStoreTests
{
    [Test]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder["checkpoints"]);
        var written = Write(store, 48, new BestCheckpoint(48, "ndcg@10", 0.125));
        var read = store.Open(48);
        using var weights = read.OpenWeights();
        using var optimizer = read.OpenOptimizer();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.State with { Files = written.Files }, Is.EqualTo(written));
            Assert.That(read.State.Files, Is.EqualTo(written.Files));
            Assert.That(read.FolderPath, Is.EqualTo(folder["checkpoints/step-48"]));
            Assert.That(weights.ReadSingles(weights.Get("w")), Is.EqualTo([48f, 49f]));
            Assert.That(optimizer.ReadInt64s(optimizer.Get("t")), Is.EqualTo([48L]));
            Assert.That(Directory.GetFileSystemEntries(folder["checkpoints"]), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void The_bytes_are_the_same_each_time()
    {
        using var folder = new TemporaryFolder();
        var files = Write(new CheckpointStore(folder["a"]), 5).Files;
        Assert.That(Write(new CheckpointStore(folder["b"]), 5).Files, Is.EqualTo(files));
    }

    [Test]
    public void A_checkpoint_of_the_same_step_is_replaced_and_what_a_killed_process_left_does_not_disturb()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Directory.CreateDirectory(folder[".step-5.tmp"]);
        File.WriteAllText(folder[".step-5.tmp/weights.safetensors"], "half");
        Write(store, 5);
        Write(store, 5, new BestCheckpoint(5, "mrr", 1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Steps, Is.EqualTo([5L]));
            Assert.That(store.Open(5).State.Best, Is.Not.Null);
        }
    }

    [Test]
    public void A_failure_while_writing_leaves_no_checkpoint_of_that_name()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        var failing = SafetensorsTensor.FromSingles("w", [2], (_, _) => throw new IOException("full"));
        Assert.That(() => store.Write(State(5, null), [failing], []), Throws.TypeOf<IOException>());
        Assert.That(store.Steps, Is.Empty);
        store.Prune(best: null);
        Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Is.Empty);
    }

    [Test]
    public void Best_last_and_numbers_are_found()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        var best = new BestCheckpoint(2, "ndcg@10", 0.5);
        Write(store, 2, best);
        Write(store, 10, best);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Open("best").State.Step, Is.EqualTo(2));
            Assert.That(store.Open("last").State.Step, Is.EqualTo(10));
            Assert.That(store.Open("2").State.Step, Is.EqualTo(2));
            Assert.That(() => store.Open("3"), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("there is no checkpoint of step 3 (there are 2, 10)"));
            Assert.That(() => store.Open("first"), Throws.TypeOf<RunFolderException>().With.Message.Contains("neither best nor last nor a step"));
        }
    }

    [Test]
    public void Without_validation_the_last_is_the_best()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 2);
        Write(store, 10);
        Assert.That(store.Open("best").State.Step, Is.EqualTo(10));
    }

    [Test]
    public void An_empty_store_says_so()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => new CheckpointStore(folder["no"]).Open("best"), Throws.TypeOf<RunFolderException>()
            .With.Message.EndsWith("there is no checkpoint yet"));
    }

    [Test]
    public void Pruning_keeps_the_last_two_and_the_best()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        foreach (var step in (long[])[9, 10, 11, 100])
        {
            Write(store, step);
        }

        store.Prune(best: 9);
        Assert.That(store.Steps, Is.EqualTo([9L, 11L, 100L]));
        store.Prune(best: null);
        Assert.That(store.Steps, Is.EqualTo([11L, 100L]));
        Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Has.Length.EqualTo(2));
    }

    [TestCase(Checkpoint.WeightsName)]
    [TestCase(Checkpoint.OptimizerName)]
    [TestCase(Checkpoint.StateName)]
    [TestCase(Checkpoint.StateChecksumName)]
    public void A_missing_file_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        File.Delete(folder[$"step-5/{name}"]);
        Assert.That(() => store.Open(5), Throws.TypeOf<RunFolderException>().With.Message.EqualTo($"{folder[$"step-5/{name}"]}: the file is missing"));
    }

    [TestCase("\"format\": 2", "\"format\": 3", "format 3 is not known here")]
    [TestCase("\"epoch\": 1", "\"epoch\": 2", "its SHA-256 is not the one in state.sha256")]
    [TestCase("\"step\": 5,\n", "", "not what was written there")]
    [TestCase("\"files\"", "\"fils\"", "not what was written there")]
    public void A_state_that_does_not_fit_is_refused(string from, string to, string expected)
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        var path = folder["step-5/state.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        Assert.That(() => store.Open(5), Throws.TypeOf<RunFolderException>().With.Message.StartsWith(path).And.Message.Contains(expected));
    }

    [TestCase("\"files\": [", "\"files\": [ null,", "")]
    [TestCase("\"name\": \"weights.safetensors\"", "\"name\": \"other\"", "says nothing about weights.safetensors")]
    [TestCase("\"metrics_bytes\": ", "\"metrics_bytes\": -1, \"old\": ", "a number in it is negative or not finite")]
    [TestCase("\"epoch_loss\": ", "\"epoch_loss\": 1e999, \"old\": ", "a number in it is negative or not finite")]
    public void A_state_that_cannot_be_is_refused_though_its_checksum_agrees(string from, string to, string expected)
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        var path = folder["step-5/state.json"];
        var state = File.ReadAllText(path);
        Assert.That(state, Does.Contain(from));
        File.WriteAllText(path, state.Replace(from, to, StringComparison.Ordinal));
        File.WriteAllText(folder["step-5/state.sha256"], $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  state.json\n");
        if (expected.Length == 0)
        {
            Assert.That(store.Open(5).State.Step, Is.EqualTo(5), "what is null says nothing");
            return;
        }

        Assert.That(() => store.Open(5), Throws.TypeOf<RunFolderException>().With.Message.StartsWith(path).And.Message.Contains(expected));
    }

    [Test]
    public void A_folder_that_was_renamed_is_no_checkpoint_of_its_new_step()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        Directory.Move(folder["step-5"], folder["step-7"]);
        Assert.That(() => store.Open("last"), Throws.TypeOf<RunFolderException>()
            .With.Message.EqualTo($"{folder["step-7"]}: it is the checkpoint of step 5: the folder was renamed or copied"));
    }

    [Test]
    public void Every_damage_to_the_tensors_is_found()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        var stream = new PhiloxStream(2024, "fuzz");
        for (var i = 0; i < 200; i++)
        {
            var path = folder[i % 2 == 0 ? "step-5/weights.safetensors" : "step-5/optimizer.safetensors"];
            var sound = File.ReadAllBytes(path);
            var damaged = sound.ToArray();
            damaged[stream.NextBelow(sound.Length)] ^= (byte)(1 << stream.NextBelow(8));
            File.WriteAllBytes(path, i % 3 == 0 ? sound[..stream.NextBelow(sound.Length)] : damaged);
            Assert.That(() => store.Open(5), Throws.TypeOf<RunFolderException>().With.Message.StartsWith(path));
            File.WriteAllBytes(path, sound);
        }

        Assert.That(store.Open(5).State.Step, Is.EqualTo(5));
    }

    [Test]
    public void Every_damage_to_the_state_is_found([Values(Checkpoint.StateName, Checkpoint.StateChecksumName)] string name)
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5, new BestCheckpoint(5, "mrr", 1));
        var path = folder[$"step-5/{name}"];
        var sound = File.ReadAllBytes(path);
        for (var i = 0; i < 8 * sound.Length; i++)
        {
            var damaged = sound.ToArray();
            damaged[i / 8] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);
            Assert.That(() => store.Open(5), Throws.TypeOf<RunFolderException>().With.Message.StartsWith(folder["step-5/state.json"])
                .And.Message.Not.Contains('\n'), $"bit {i}");
        }

        File.WriteAllBytes(path, sound);
        Assert.That(store.Open(5).State.Best!.Metric, Is.EqualTo("mrr"));
    }

    [Test]
    public void A_checkpoint_that_was_being_replaced_is_given_its_name_back()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.FolderPath);
        Write(store, 5);
        Write(store, 6);
        Directory.Move(folder["step-5"], folder[".step-5.old"]);
        Directory.Move(folder["step-6"], folder[".step-6.old"]);
        File.Delete(folder[".step-6.old/weights.safetensors"]);
        store.Recover();
        Assert.That(store.Steps, Is.EqualTo([5L]), "what is whole comes back, what was half deleted does not");
        Assert.That(store.Open(5).State.Step, Is.EqualTo(5));
        store.Prune(best: null);
        Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Has.Length.EqualTo(1));
    }

    private static CheckpointState Write(CheckpointStore store, long step, BestCheckpoint? best = null) => store.Write(
        State(step, best),
        [SafetensorsTensor.FromSingles("w", [2], new float[] { step, step + 1 })],
        [SafetensorsTensor.FromInt64s("t", [], new[] { step })]);

    private static CheckpointState State(long step, BestCheckpoint? best) => new()
    {
        Step = step,
        Epoch = 1,
        BatchIndex = 3,
        EpochLoss = 0.1 + 0.2,
        EpochTokens = 7,
        EvaluationsSinceBest = 2,
        MetricsBytes = 11,
        EventsBytes = 13,
        ForwardCount = uint.MaxValue,
        Seed = ulong.MaxValue,
        DataFingerprint = "abc",
        Best = best,
    };
}
