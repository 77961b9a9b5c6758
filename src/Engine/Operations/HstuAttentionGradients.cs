namespace LargeRec.Engine.Operations;

/// <summary>Where the gradients of HSTU's attention go. Queries, keys and values are wanted together or not at all.</summary>
public readonly record struct HstuAttentionGradients(
    GradientTarget Queries, GradientTarget Keys, GradientTarget Values, GradientTarget PositionBias, GradientTarget TimeBias)
{
    /// <summary>Of a bias by a function of the time, its factor and its exponent: wanted together or not at all.</summary>
    public (GradientTarget Factor, GradientTarget Exponent) TimePower { get; init; }
}
