namespace LargeRec.Engine.Operations;

/// <summary>Where the gradients of HSTU's attention go. Queries, keys and values are wanted together or not at all.</summary>
public readonly record struct HstuAttentionGradients(
    GradientTarget Queries, GradientTarget Keys, GradientTarget Values, GradientTarget PositionBias, GradientTarget TimeBias);
