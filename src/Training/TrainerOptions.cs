using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>How a <see cref="Trainer"/> makes its steps.</summary>
public sealed record TrainerOptions
{
    /// <summary>Of dropout and negatives; with the forward count it decides every draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>The learning rate of each step; null: the optimiser's own.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>The largest norm that the gradients of a step may have, all parameters together; null: any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Sequences a forward; a step of more is done in several, whose gradients are added. Null: all of a step at once.</summary>
    public int? SequencesAtOnce { get; init; }

    /// <summary>Keep the gradient of the item table by the rows that a step uses, and touch no others; else it is dense. The same bits, but for the
    /// last ones where a step has several forwards or its gradients are clipped: their sums are rounded in another order.</summary>
    public bool RowGradients { get; init; }

    /// <summary>Check every value and gradient, and name the operation at the first NaN or infinity: slow.</summary>
    public bool TraceNonFinite { get; init; }
}
