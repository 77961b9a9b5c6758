namespace LargeRec.Training;

/// <summary>What a run is about to do.</summary>
/// <param name="RunDirectory">Where it is kept.</param>
/// <param name="Users">Users in the data.</param>
/// <param name="Items">Candidates.</param>
/// <param name="Events">Events in the data.</param>
/// <param name="Parameters">Trained values, tables included.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="StepsPerEpoch">Steps of each.</param>
/// <param name="Device">The device's name.</param>
/// <param name="StepsDone">Steps of an earlier process that it goes on from; 0 for a new run.</param>
public sealed record TrainingPlan(string RunDirectory, int Users, int Items, long Events, long Parameters, int Epochs, int StepsPerEpoch, string Device,
    long StepsDone);
