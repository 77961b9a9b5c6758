namespace LargeRec.Data.Preparation;

/// <summary>What is held out, and how much of it.</summary>
public sealed record SplitOptions
{
    public SplitKind Kind { get; init; } = SplitKind.Published;

    /// <summary>The longest history, at least 1; older events are dropped.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>Temporal: the share of all events after the validation's moment and before the test's. Ratio: the share of each user's events. At least
    /// 0.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Temporal: the share of all events after the test's moment. Ratio: the share of each user's events. Above 0, and with the validation's below
    /// 1.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>Temporal: the moment from which on events are validation, in milliseconds since 1970-01-01 UTC; null: by the fractions.</summary>
    public long? ValidationFrom { get; init; }

    /// <summary>The users whose events are trained on; the others are held out as usual, and training sees nothing of them. Null: all.</summary>
    public Func<int, bool>? TrainsOn { get; init; }

    /// <summary>Temporal: the moment from which on events are test; null: by the fraction.</summary>
    public long? TestFrom { get; init; }
}
