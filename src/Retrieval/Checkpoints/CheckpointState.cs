using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Checkpoints;

/// <summary>state.json of a checkpoint: what resuming needs besides the tensors.</summary>
public sealed record CheckpointState
{
    /// <summary>The format written now.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The format's number; another than <see cref="CurrentFormat"/> is refused.</summary>
    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Optimiser steps done.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch that goes on, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epoch that the weights have learned from last.</summary>
    [JsonIgnore]
    public int EpochOfWeights => BatchIndex == 0 ? Epoch - 1 : Epoch;

    /// <summary>Steps of that epoch already done; all of them where only its evaluation is left.</summary>
    public required int BatchIndex { get; init; }

    /// <summary>Σ loss · tokens over those steps.</summary>
    public required double EpochLoss { get; init; }

    /// <summary>Tokens of those steps.</summary>
    public required long EpochTokens { get; init; }

    /// <summary>Training forwards done: the counter word that makes each draw of dropout and negatives new.</summary>
    public required uint ForwardCount { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Tells the data apart; another one refuses to resume.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The best validation so far; null where there was none.</summary>
    public required BestCheckpoint? Best { get; init; }

    /// <summary>Validations since the best one: what early stopping counts.</summary>
    public required int EvaluationsSinceBest { get; init; }

    /// <summary>The length of metrics.jsonl at this moment, in bytes.</summary>
    public required long MetricsBytes { get; init; }

    /// <summary>The length of the TensorBoard events at this moment, in bytes.</summary>
    public required long EventsBytes { get; init; }

    /// <summary>Sizes and checksums of the files beside; filled in by the writer.</summary>
    [JsonRequired]
    public IReadOnlyList<CheckpointFile> Files { get; init; } = [];

    /// <summary>Whether its numbers are such as a run has.</summary>
    [JsonIgnore]
    internal bool IsPossible => this is
    {
        Step: >= 0, Epoch: > 0, BatchIndex: >= 0, EpochTokens: >= 0, EvaluationsSinceBest: >= 0, MetricsBytes: >= 0,
        EventsBytes: >= 0
    }
        && double.IsFinite(EpochLoss) && double.IsFinite(Best?.Value ?? 0);
}
