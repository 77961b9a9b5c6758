using LargeRec.Engine;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Studies.Definition;
using LargeRec.Training;

namespace LargeRec.Studies.Running;

/// <summary>
/// Finds out what cells will take: a few steps of each distinct shape, on all users; seeds, rates, epochs and shares of the users are worked out from those.
/// </summary>
public sealed class StudyEstimator
{
    private static readonly TimeSpan TimeOfAProbe = TimeSpan.FromSeconds(0.5);

    private readonly Func<Device> _openDevice;
    private readonly ExperimentDataOptions _data;
    private readonly Dictionary<string, TrainingEstimate> _probes = [];

    /// <param name="openDevice">Opens a device as a cell gets it.</param>
    /// <param name="data">Where the data are.</param>
    public StudyEstimator(Func<Device> openDevice, ExperimentDataOptions data) => (_openDevice, _data) = (openDevice, data);

    /// <summary>How many distinct shapes cells have.</summary>
    public static int ShapesOf(IEnumerable<StudyCell> cells) => cells.Select(cell => ShapeOf(cell.Configuration)).Distinct().Count();

    /// <summary>Estimates a cell.</summary>
    /// <exception cref="ConfigurationException">Its configuration does not fit the data.</exception>
    public CellEstimate Of(StudyCell cell, CancellationToken cancellation)
    {
        var shape = ShapeOf(cell.Configuration);
        if (!_probes.TryGetValue(shape, out var probe))
        {
            using var device = _openDevice();
            probe = TrainingProbe.Measure(Whole(cell.Configuration), device, _data, TimeOfAProbe, cancellation);
            _probes[shape] = probe;
        }

        return CellEstimate.Of(probe, cell.Configuration);
    }

    /// <summary>What decides about time and memory of a step and an evaluation, as text.</summary>
    private static string ShapeOf(RunConfiguration configuration) => ConfigurationWriter.ToJson(Whole(configuration));

    private static RunConfiguration Whole(RunConfiguration configuration)
    {
        var (training, evaluation, optimizer) = (new TrainingConfiguration(), new EvaluationConfiguration(), new OptimizerConfiguration());
        return configuration with
        {
            Data = configuration.Data with { Fraction = 1 },
            Training = configuration.Training with { Seed = training.Seed, Epochs = training.Epochs, CheckpointEvery = null, EarlyStopping = null },
            Evaluation = configuration.Evaluation with { Every = evaluation.Every, Bootstrap = evaluation.Bootstrap },
            Optimizer = configuration.Optimizer with
            {
                LearningRate = optimizer.LearningRate,
                WarmupSteps = 0,
                Schedule = ScheduleSetting.Constant,
                FinalLearningRate = 0
            },
        };
    }
}
