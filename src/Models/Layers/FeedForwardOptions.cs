namespace LargeRec.Models.Layers;

/// <summary>The feed-forward part of a block. Weights are [output, input].</summary>
/// <param name="Kind">Its activation.</param>
/// <param name="Width">F, columns between its products.</param>
/// <param name="First">W₁, [F, D].</param>
/// <param name="Last">W₂, [D, F].</param>
public sealed record FeedForwardOptions(FeedForwardKind Kind, int Width, ParameterSetting First, ParameterSetting Last)
{
    /// <summary>W₃, [F, D], of SwiGLU.</summary>
    public ParameterSetting? Second { get; init; }

    /// <summary>b₁, [F].</summary>
    public ParameterSetting? FirstBias { get; init; }

    /// <summary>b₂, [D].</summary>
    public ParameterSetting? LastBias { get; init; }

    /// <summary>Dropout of its input (FuXi).</summary>
    public float InputDropout { get; init; }

    /// <summary>Dropout between its products (SASRec).</summary>
    public float InnerDropout { get; init; }

    /// <summary>Dropout of its output, before it is added.</summary>
    public float OutputDropout { get; init; }
}
