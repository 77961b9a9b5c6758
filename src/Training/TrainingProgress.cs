namespace LargeRec.Training;

/// <summary>Where a run stands after a step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Epoch">The present epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="TokensPerSecond">Events learned from a second, over the run so far.</param>
/// <param name="Remaining">The time left at this pace, evaluations included as far as they have been seen.</param>
public sealed record TrainingProgress(long Step, long Steps, int Epoch, int Epochs, double Loss, double TokensPerSecond, TimeSpan Remaining);
