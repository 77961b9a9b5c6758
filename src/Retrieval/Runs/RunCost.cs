namespace LargeRec.Retrieval.Runs;

/// <summary>
/// What a run took. Floating-point operations are those that the model stands for, a multiply-add being two: matrix products, attention and loss, forward and
/// twice as much backward; what a backward pass computes again, and what is linear in the tokens alone, does not count (so does PaLM, Chowdhery et al. 2022,
/// appendix B).
/// </summary>
public sealed record RunCost
{
    /// <summary>Trained values.</summary>
    public required long Parameters { get; init; }

    /// <summary>Those of the item table and of positions.</summary>
    public required long EmbeddingParameters { get; init; }

    /// <summary>The others: those of the layers.</summary>
    public long OtherParameters => Parameters - EmbeddingParameters;

    /// <summary>Events of an epoch: what there is to learn from (the first epoch's, where histories are cut at random).</summary>
    public required long EpochTokens { get; init; }

    /// <summary>Events learned from, an event of every epoch counting again.</summary>
    public required long Tokens { get; init; }

    /// <summary>Floating-point operations of the training.</summary>
    public required double TrainingFlops { get; init; }

    /// <summary>Floating-point operations a token, forward and backward with the loss, the mean over the training.</summary>
    public double FlopsPerToken => Tokens == 0 ? 0 : TrainingFlops / Tokens;

    /// <summary>Floating-point operations a step, the mean over the training.</summary>
    public required double FlopsPerStep { get; init; }

    /// <summary>Seconds of the training's steps, those of earlier processes among them; evaluations are not.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Events learned from a second of these.</summary>
    public double TokensPerSecond => TrainingSeconds > 0 ? Tokens / TrainingSeconds : 0;

    /// <summary>Floating-point operations a second of these.</summary>
    public double FlopsPerSecond => TrainingSeconds > 0 ? TrainingFlops / TrainingSeconds : 0;

    /// <summary>The most that the device does a second; null where nobody knows.</summary>
    public double? PeakFlopsPerSecond { get; init; }

    /// <summary>Where that is from.</summary>
    public string? PeakSource { get; init; }

    /// <summary>Model FLOPs utilisation: the share of the peak that the steps reached.</summary>
    public double? Utilization => PeakFlopsPerSecond is > 0 and var peak ? FlopsPerSecond / peak : null;

    /// <summary>Bytes that the device held for the run at its end, which is the most that any step took.</summary>
    public required long DeviceBytes { get; init; }

    /// <summary>The most bytes of memory that the process had at once; of a study's runs in one process, all of them together.</summary>
    public required long ProcessBytes { get; init; }

    internal IEnumerable<(string Name, double Value)> Numbers() =>
    [
        ("training_flops", TrainingFlops),
        ("flops_per_token", FlopsPerToken),
        ("flops_per_step", FlopsPerStep),
        ("training_seconds", TrainingSeconds),
        ("tokens_per_second", TokensPerSecond),
        ("flops_per_second", FlopsPerSecond),
        ("peak_flops_per_second", PeakFlopsPerSecond ?? 0),
        ("utilization", Utilization ?? 0),
    ];
}
