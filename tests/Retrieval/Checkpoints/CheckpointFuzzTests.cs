using System.Security.Cryptography;
using LargeRec.Engine.Weights;
using LargeRec.Fuzzing;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Checkpoints;

public sealed class CheckpointFuzzTests
{
    private const long Step = 48;

    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"", ",", ":", "\\n", "\\ud800", "null", "[null]", "{}", "\"files\": [null],", "\"name\": null,", "\"best\": {},",
            "\"x\\ny\": 1,", "1e999", "-1", " ", "\n", "\0", "  state.json"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_damaged_file_is_told()
    {
        string[] names = [Checkpoint.StateName, Checkpoint.StateChecksumName, Checkpoint.WeightsName, Checkpoint.OptimizerName];
        WriteSound();
        var sound = names.Select(name => File.ReadAllBytes(PathOf(name))).ToArray();
        var mutators = sound.Select((bytes, i) => new Mutator([bytes], i < 2 ? Words : [])).ToArray();

        // The first byte says which file, so that an input that was kept tells it.
        Fuzz(
            stream =>
            {
                var file = stream.Below(names.Length);
                return [(byte)file, .. stream.Below(50) == 0 ? sound[file] : mutators[file].Make(stream)];
            },
            input =>
            {
                var file = input[0];
                File.WriteAllBytes(PathOf(names[file]), input[1..]);
                try
                {
                    Open();
                    FuzzFault.Unless(input.AsSpan(1).SequenceEqual(sound[file]), "a file that was changed is taken for sound");
                }
                finally
                {
                    File.WriteAllBytes(PathOf(names[file]), sound[file]);
                }
            });
    }

    /// <summary>What a careless or hostile writer could leave: the checksum agrees.</summary>
    [Test]
    public void A_damaged_state_whose_checksum_agrees_is_read_or_refused_with_one_line_and_nothing_else()
    {
        WriteSound();
        Fuzz(new Mutator([File.ReadAllBytes(PathOf(Checkpoint.StateName))], Words).Make, bytes =>
        {
            File.WriteAllBytes(PathOf(Checkpoint.StateName), bytes);
            File.WriteAllText(PathOf(Checkpoint.StateChecksumName), $"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {Checkpoint.StateName}\n");
            Open();
        });
    }

    private void Open()
    {
        var checkpoint = new CheckpointStore(_folder.FolderPath).Open("best");
        using var weights = checkpoint.OpenWeights();
        using var optimizer = checkpoint.OpenOptimizer();
        FuzzFault.Unless(checkpoint.State.Step == Step, "a checkpoint is taken for one of another step");
        FuzzFault.Unless(weights.Entries.Length == 1 && optimizer.Entries.Length == 1, "tensors are missing");
    }

    private void Fuzz(Func<FuzzStream, byte[]> make, Action<byte[]> parse) => new Fuzzer<RunFolderException>(Path.GetFileName(_folder.FolderPath), make)
        .Run(parse);

    private void WriteSound()
    {
        var state = new CheckpointState
        {
            Step = Step,
            Epoch = 2,
            BatchIndex = 3,
            EpochLoss = 1.5,
            EpochTokens = 100,
            ForwardCount = 48,
            Seed = ulong.MaxValue,
            DataFingerprint = "abc",
            Best = new BestCheckpoint(Step, "ndcg@10", 0.125),
            EvaluationsSinceBest = 1,
            MetricsBytes = 100,
            EventsBytes = 200,
        };
        new CheckpointStore(_folder.FolderPath).Write(
            state, [SafetensorsTensor.FromSingles("w", [2], new float[] { 1, 2 })], [SafetensorsTensor.FromInt64s("t", [1], new long[] { Step })]);
    }

    private string PathOf(string name) => Path.Combine(new CheckpointStore(_folder.FolderPath).PathOf(Step), name);
}
