using LargeRec.Engine.Weights;
using LargeRec.Models;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Checkpoints;

/// <summary>Which weights to take: those of a run's checkpoint, or of a file of their own.</summary>
public sealed class WeightsChoice
{
    /// <summary>What is chosen where nothing is said.</summary>
    public const string Default = "best";

    private WeightsChoice(string path, CheckpointState? state) => (Path, State) = (path, state);

    /// <summary>The safetensors file.</summary>
    public string Path { get; }

    /// <summary>The checkpoint's state; null for a file of its own.</summary>
    public CheckpointState? State { get; }

    /// <summary>In words: "weights of epoch 3 (step 96)".</summary>
    public string Description => State is null ? $"weights of {Path}" : $"weights of epoch {State.EpochOfWeights} (step {State.Step})";

    /// <summary>A safetensors file.</summary>
    public static WeightsChoice OfFile(string path) => new(path, null);

    /// <summary>The weights of a run's checkpoint, checked, or of a file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="which">best (the last where there was no validation), last, a step's number, or the path of a safetensors file.</param>
    /// <exception cref="RunFolderException">There is no such checkpoint or file, or it is damaged.</exception>
    public static WeightsChoice Of(RunFolder run, string which = Default)
    {
        var isOfTheRun = which is "best" or "last" || (which.Length > 0 && which.All(char.IsAsciiDigit));
        if (!isOfTheRun && File.Exists(which))
        {
            return OfFile(which);
        }

        var checkpoint = run.Checkpoints.Open(which);
        return new WeightsChoice(checkpoint.WeightsPath, checkpoint.State);
    }

    /// <summary>Copies the weights into a model.</summary>
    /// <exception cref="WeightsFormatException">They do not fit, or the file is none.</exception>
    public void LoadInto(Module model)
    {
        using var weights = SafetensorsFile.Open(Path);
        ModelWeights.Load(model, weights);
    }
}
