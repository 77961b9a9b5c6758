using System.Globalization;
using System.Security.Cryptography;
using LargeRec.Data.Storage;
using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Checkpoints;

/// <summary>
/// The folder checkpoints/ of a run: <c>step-N/</c> each. A checkpoint is written under the name <c>.step-N.tmp</c>, its files and folder
/// flushed, then renamed; one that goes is renamed first. So a folder named step-N is whole, whenever the process was killed.
/// </summary>
public sealed class CheckpointStore
{
    private const string Prefix = "step-";
    private const string AsideSuffix = ".old";
    private const int KeptLast = 2;

    /// <summary>The checkpoints of a folder, which need not be there yet.</summary>
    public CheckpointStore(string folder) => FolderPath = folder;

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The steps that have a checkpoint, ascending.</summary>
    public IReadOnlyList<long> Steps => !Directory.Exists(FolderPath)
        ? []
        : [.. Directory.EnumerateDirectories(FolderPath, Prefix + "*").Select(StepOf).OfType<long>().Order()];

    /// <summary>The folder of a step's checkpoint.</summary>
    public string PathOf(long step) => Path.Combine(FolderPath, Name(step));

    /// <summary>Writes a checkpoint, whole or not at all, in place of one of the same step.</summary>
    /// <returns>The state as written, with the files' sizes and checksums.</returns>
    public CheckpointState Write(
        CheckpointState state, IReadOnlyList<SafetensorsTensor> weights, IReadOnlyList<SafetensorsTensor> optimizer)
    {
        ArgumentNullException.ThrowIfNull(state);
        Directory.CreateDirectory(FolderPath);
        var temporary = Path.Combine(FolderPath, $".{Name(state.Step)}.tmp");
        DeleteIfThere(temporary);
        Directory.CreateDirectory(temporary);
        CheckpointState written;
        try
        {
            written = state with
            {
                Files =
                [
                    WriteTensors(temporary, Checkpoint.WeightsName, weights),
                    WriteTensors(temporary, Checkpoint.OptimizerName, optimizer),
                ],
            };
            var text = RunJson.ToBytes(written, RunJson.Default.CheckpointState);
            AtomicFile.Write(Path.Combine(temporary, Checkpoint.StateName), stream => stream.Write(text));
            AtomicFile.Write(Path.Combine(temporary, Checkpoint.StateChecksumName), stream => stream.Write(Checkpoint.ChecksumOf(text)));
            FolderFlush.Flush(temporary);
        }
        catch
        {
            // A full disk, most likely: give back what this took of it.
            Directory.Delete(temporary, recursive: true);
            throw;
        }

        var replaced = MoveAside(state.Step);
        Directory.Move(temporary, PathOf(state.Step));
        FolderFlush.Flush(FolderPath);
        DeleteIfThere(replaced);
        return written;
    }

    /// <summary>Opens and checks a step's checkpoint.</summary>
    /// <exception cref="RunFolderException">There is none, or it is damaged.</exception>
    public Checkpoint Open(long step)
    {
        var steps = Steps;
        if (!steps.Contains(step))
        {
            throw new RunFolderException($"{FolderPath}: there is no checkpoint of step {step} (there are {List(steps)})");
        }

        var checkpoint = Checkpoint.Open(PathOf(step));
        return checkpoint.State.Step == step
            ? checkpoint
            : throw new RunFolderException($"{PathOf(step)}: it is the checkpoint of step {checkpoint.State.Step}: the folder was renamed or copied");
    }

    /// <summary>
    /// Opens and checks <c>last</c>, <c>best</c> (the best by validation; the last where there was no validation) or a step's number.
    /// </summary>
    /// <exception cref="RunFolderException">There is none, or it is damaged.</exception>
    public Checkpoint Open(string which)
    {
        var steps = Steps;
        if (steps.Count == 0)
        {
            throw new RunFolderException($"{FolderPath}: there is no checkpoint yet");
        }

        if (which is "last" or "best")
        {
            var last = Open(steps[^1]);
            return which == "best" && last.State.Best is { } best && best.Step != last.State.Step ? Open(best.Step) : last;
        }

        return long.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? Open(step)
            : throw new RunFolderException($"{FolderPath}: '{which}' is neither best nor last nor a step (there are {List(steps)})");
    }

    /// <summary>Keeps the last two checkpoints and the best one; the others go, and what a killed process left unfinished.</summary>
    /// <param name="best">The best one's step; null where there is none.</param>
    public void Prune(long? best)
    {
        foreach (var step in Steps.SkipLast(KeptLast).Where(step => step != best))
        {
            DeleteIfThere(MoveAside(step));
        }

        foreach (var left in Directory.Exists(FolderPath) ? Directory.GetDirectories(FolderPath, $".{Prefix}*") : [])
        {
            Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>Gives its name back to a checkpoint that was being replaced when the process was ended, so that it is not lost.</summary>
    public void Recover()
    {
        foreach (var aside in Directory.Exists(FolderPath) ? Directory.GetDirectories(FolderPath, $".{Prefix}*{AsideSuffix}") : [])
        {
            var name = Path.GetFileName(aside)[1..^AsideSuffix.Length];
            var path = Path.Combine(FolderPath, name);
            if (StepOf(path) is not null && !Directory.Exists(path) && IsWhole(aside))
            {
                Directory.Move(aside, path);
                FolderFlush.Flush(FolderPath);
            }
        }
    }

    private static bool IsWhole(string folder)
    {
        try
        {
            Checkpoint.Open(folder);
            return true;
        }
        catch (RunFolderException)
        {
            // Half deleted: it was on its way out.
            return false;
        }
    }

    /// <summary>Takes its name from a checkpoint, so that one half deleted never looks whole; returns where it is now.</summary>
    private string MoveAside(long step)
    {
        var aside = Path.Combine(FolderPath, $".{Name(step)}{AsideSuffix}");
        DeleteIfThere(aside);
        if (Directory.Exists(PathOf(step)))
        {
            Directory.Move(PathOf(step), aside);
        }

        return aside;
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CheckpointFile WriteTensors(string folder, string name, IReadOnlyList<SafetensorsTensor> tensors)
    {
        var path = Path.Combine(folder, name);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        using var sha256 = SHA256.Create();
        using (var hashed = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
        {
            SafetensorsWriter.Write(hashed, tensors, new Dictionary<string, string> { ["format"] = "pt" });
        }

        file.Flush(flushToDisk: true);
        return new CheckpointFile(name, file.Length, Convert.ToHexStringLower(sha256.Hash!));
    }

    private static string Name(long step) => Prefix + step.ToString(CultureInfo.InvariantCulture);

    private static long? StepOf(string folder)
    {
        var name = Path.GetFileName(folder);
        var isNumber = long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step);
        return isNumber && Name(step) == name ? step : null;
    }

    private static string List(IReadOnlyList<long> steps) => steps.Count == 0 ? "none" : string.Join(", ", steps);
}
