using LargeRec.Engine;
using LargeRec.Engine.Profiling;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training;

/// <summary>A finished run: its summary, and the model with the weights that were tested, on the run's device.</summary>
public sealed class TrainingResult
{
    private readonly Device _device;

    internal TrainingResult(RunFolder folder, RunSummary summary, SequenceModel model, ExperimentData data, Device device) =>
        (Folder, Summary, Model, Data, _device) = (folder, summary, model, data, device);

    public RunFolder Folder { get; }

    public RunSummary Summary { get; }

    public SequenceModel Model { get; }

    public ExperimentData Data { get; }

    /// <summary>Where the time of the steps went that were to be profiled; null where none were, or the run stopped early before.</summary>
    public StepProfile? Profile { get; internal init; }

    /// <summary>
    /// Recommends to the users of the data, in their ids, with the defaults of the configuration's inference section (<see cref="Recommender.Open"/> takes the
    /// run's); dispose of it before training goes on.
    /// </summary>
    public Recommender OpenRecommender() => new(Model, _device, Data.Sequences);
}
