namespace LargeRec.Engine.Operations;

/// <summary>How attention turns a score S into the weight of a value; the sums and the mask are <see cref="AttentionOperations.Attend"/>'s.</summary>
public enum AttentionWeighting
{
    /// <summary>A = SiLU(S)/N (HSTU).</summary>
    Silu,

    /// <summary>A = exp(S)/Σ exp(S) over the keys that the row sees.</summary>
    Softmax,

    /// <summary>
    /// A = exp(S)/Σ exp(S), the sum over all N columns of the padded row, and only then masked, as HSTU's research code has it ("leaky"): columns of later
    /// events count in the sum, and so do those of padding, whose keys are 0. A row thus sees how its sequence goes on. The time bias of padding is the last
    /// bucket's (there the bucket of the time since 1970, which no two events lie apart either). No shared heads, dropout, or time bias by a function.
    /// </summary>
    LeakySoftmax,

    /// <summary>A = S: the biases themselves are the weights (FuXi-α's channels of position and time), where there are no queries and keys.</summary>
    Bias,
}
