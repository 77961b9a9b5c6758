using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>What attention reads.</summary>
/// <param name="Queries">[T, H·dqk], head h in columns h·dqk to (h+1)·dqk; none where the biases alone are the weights.</param>
/// <param name="Keys">[T, G·dqk]; none likewise.</param>
/// <param name="Values">[T, G·dv].</param>
/// <param name="Heads">H, the heads of the queries.</param>
/// <param name="Normalizer">N, the padded length: max length + 11, never a batch's own longest.</param>
public readonly record struct AttentionInputs(Tensor? Queries, Tensor? Keys, Tensor Values, int Heads, int Normalizer)
{
    /// <summary>G, the heads of keys and values: head h of the queries reads head h·G/H of theirs. 0 for H.</summary>
    public int KeyHeads { get; init; }

    public AttentionWeighting Weighting { get; init; }

    /// <summary>What the scores are multiplied by, the biases in them too.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>[2N − 1], or none.</summary>
    public Tensor? PositionBias { get; init; }

    /// <summary>[<see cref="TimeBuckets.Count"/>], or none.</summary>
    public Tensor? TimeBias { get; init; }

    /// <summary>A time bias by a function instead, or none.</summary>
    public TimePower? TimePower { get; init; }

    /// <summary>Of the weights, as a matrix [T·H, N]: row t·H + h, column j.</summary>
    public DropoutSite Dropout { get; init; }

    /// <summary>G.</summary>
    internal int ValueHeads => KeyHeads == 0 ? Heads : KeyHeads;
}
