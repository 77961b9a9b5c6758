namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>The numbers by which the kernels of weighted attention know what is asked for.</summary>
public static class AttentionModes
{
    /// <summary>Weights SiLU(S)/N.</summary>
    public const int Silu = 0;

    /// <summary>Weights exp(S)/Σ exp(S).</summary>
    public const int Softmax = 1;

    /// <summary>Weights S: the biases alone.</summary>
    public const int Bias = 2;

    /// <summary>No time bias.</summary>
    public const int NoTime = 0;

    /// <summary>A time bias by bucket.</summary>
    public const int TimeBuckets = 1;

    /// <summary>A time bias by a function.</summary>
    public const int TimePower = 2;
}
