namespace LargeRec.Training;

/// <summary>What a training will take, from a few of its steps. See <see cref="TrainingProbe"/>.</summary>
/// <param name="Parameters">Trained values.</param>
/// <param name="EpochTokens">Events of an epoch.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="EpochFlops">Floating-point operations of an epoch's steps.</param>
/// <param name="StartSeconds">Reading the data, making the model, reserving memory.</param>
/// <param name="EpochSeconds">An epoch's steps.</param>
/// <param name="EvaluationSeconds">Ranking all held-out events of a split.</param>
/// <param name="DeviceBytes">Memory of the device.</param>
public sealed record TrainingEstimate(
    long Parameters, long EpochTokens, int StepsPerEpoch, double EpochFlops, double StartSeconds, double EpochSeconds, double EvaluationSeconds,
        long DeviceBytes);
