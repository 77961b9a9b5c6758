using System.Security.Cryptography;
using System.Text;
using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Checkpoints;

/// <summary>A checkpoint that was read and checked: sizes and checksums of its files are those that state.json names, and its own is the one beside
/// it.</summary>
public sealed class Checkpoint
{
    /// <summary>The weights under their public names.</summary>
    public const string WeightsName = "weights.safetensors";

    /// <summary>The optimiser's state.</summary>
    public const string OptimizerName = "optimizer.safetensors";

    /// <summary>The <see cref="CheckpointState"/>.</summary>
    public const string StateName = "state.json";

    /// <summary>The SHA-256 of state.json, as sha256sum writes and checks it.</summary>
    public const string StateChecksumName = "state.sha256";

    private Checkpoint(string folder, CheckpointState state)
    {
        FolderPath = folder;
        State = state;
    }

    /// <summary>Its folder.</summary>
    public string FolderPath { get; }

    /// <summary>Everything besides the tensors.</summary>
    public CheckpointState State { get; }

    /// <summary>The path of its weights.</summary>
    public string WeightsPath => Path.Combine(FolderPath, WeightsName);

    /// <summary>Reads and checks a checkpoint's folder.</summary>
    /// <exception cref="RunFolderException">A file is missing, cut short or changed.</exception>
    public static Checkpoint Open(string folder)
    {
        var statePath = Path.Combine(folder, StateName);
        var bytes = ReadAll(statePath);
        var state = RunJson.Parse(statePath, bytes, RunJson.Default.CheckpointState);
        if (state.Format != CheckpointState.CurrentFormat)
        {
            throw new RunFolderException($"{statePath}: format {state.Format} is not known here (known: {CheckpointState.CurrentFormat})");
        }

        if (!ReadAll(Path.Combine(folder, StateChecksumName)).AsSpan().SequenceEqual(ChecksumOf(bytes)))
        {
            throw new RunFolderException($"{statePath}: its SHA-256 is not the one in {StateChecksumName}: it is damaged or was changed");
        }

        if (!state.IsPossible)
        {
            throw new RunFolderException($"{statePath}: a number in it is negative or not finite: it is damaged or was changed");
        }

        foreach (var name in (string[])[WeightsName, OptimizerName])
        {
            var expected = state.Files.FirstOrDefault(f => f?.Name == name)
                ?? throw new RunFolderException($"{statePath}: says nothing about {name}");
            Check(Path.Combine(folder, name), expected);
        }

        return new Checkpoint(folder, state);
    }

    /// <summary>Opens the weights; dispose of the result.</summary>
    public SafetensorsFile OpenWeights() => SafetensorsFile.Open(WeightsPath);

    /// <summary>Opens the optimiser's state; dispose of the result.</summary>
    public SafetensorsFile OpenOptimizer() => SafetensorsFile.Open(Path.Combine(FolderPath, OptimizerName));

    /// <summary>The content of state.sha256 for this state.json.</summary>
    internal static byte[] ChecksumOf(ReadOnlySpan<byte> state) =>
        Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(state))}  {StateName}\n");

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException e)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }
    }

    private static void Check(string path, CheckpointFile expected)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (FileNotFoundException e)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }

        using (stream)
        {
            if (stream.Length != expected.Bytes)
            {
                throw new RunFolderException(
                    $"{path}: has {stream.Length} bytes, {StateName} says {expected.Bytes}: it is cut short or was changed");
            }

            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != expected.Sha256)
            {
                throw new RunFolderException($"{path}: its SHA-256 is not the one in {StateName}: it is damaged or was changed");
            }
        }
    }
}
