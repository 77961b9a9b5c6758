using LargeRec.Engine.Operations;

namespace LargeRec.Models.Backbones;

/// <summary>The norms of all blocks, and the last one, in place of a backbone's own; the norm of what attention gives stays.</summary>
/// <param name="Kind">By mean and variance, or by the root mean square.</param>
/// <param name="IsAffine">Whether each has a factor a column, of 1 at first, and a layer norm a shift, of 0.</param>
public sealed record BlockNorm(NormKind Kind, bool IsAffine);
