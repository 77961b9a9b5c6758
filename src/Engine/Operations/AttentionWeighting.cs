namespace LargeRec.Engine.Operations;

/// <summary>How attention turns a score S into the weight of a value; the sums and the mask are <see cref="AttentionOperations.Attend"/>'s.</summary>
public enum AttentionWeighting
{
    /// <summary>A = SiLU(S)/N (HSTU).</summary>
    Silu,

    /// <summary>A = exp(S)/Σ exp(S) over the keys that the row sees.</summary>
    Softmax,

    /// <summary>A = S: the biases themselves are the weights (FuXi-α's channels of position and time), where there are no queries and keys.</summary>
    Bias,
}
