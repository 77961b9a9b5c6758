using LargeRec.Engine.Operations;

namespace LargeRec.Models.Layers;

/// <summary>A normalisation of rows.</summary>
/// <param name="Kind">By mean and variance, or by the root mean square.</param>
/// <param name="Epsilon">Added to the variance, or to the mean square.</param>
public sealed record NormOptions(NormKind Kind, float Epsilon)
{
    /// <summary>A factor a column, or a group; none for 1.</summary>
    public ParameterSetting? Weight { get; init; }

    /// <summary>A shift a column, or a group; none for 0.</summary>
    public ParameterSetting? Bias { get; init; }

    /// <summary>Groups of columns normalised by themselves, each with one factor and shift.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>A layer norm without weights, as the public research code's.</summary>
    public static NormOptions Plain(float epsilon) => new(NormKind.Layer, epsilon);
}
