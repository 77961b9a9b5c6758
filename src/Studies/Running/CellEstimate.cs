using LargeRec.Retrieval.Configuration;
using LargeRec.Training;

namespace LargeRec.Studies.Running;

/// <summary>What a cell will take.</summary>
/// <param name="Seconds">Of a training from the start.</param>
/// <param name="Bytes">Memory of the device, and about as much again of the data.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="Flops">Floating-point operations of the training.</param>
public sealed record CellEstimate(double Seconds, long Bytes, long Parameters, double Flops)
{
    /// <summary>Of the process, beside what the device holds: data, ranks, files being written.</summary>
    private const long Beside = 64L << 20;

    /// <summary>From a probe of the same shapes on all users.</summary>
    public static CellEstimate Of(TrainingEstimate probe, RunConfiguration configuration)
    {
        var (epochs, every) = (configuration.Training.Epochs, configuration.Evaluation.Every);

        // The validations or tests on the way, and the test of the best weights with floors and intervals.
        var evaluations = ((epochs + every - 1) / every) + 1;
        var fraction = configuration.Data.Fraction;
        return new CellEstimate(
            probe.StartSeconds + (epochs * fraction * probe.EpochSeconds) + (evaluations * probe.EvaluationSeconds),
            probe.DeviceBytes + Beside,
            probe.Parameters,
            epochs * fraction * probe.EpochFlops);
    }
}
