using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>
/// A time bias by a function (FuXi-β, 2025; its default "pow"): a·(max(next_i − event_j, 0) + 1)^(−b), times in seconds.
/// </summary>
/// <param name="Factor">a, one value.</param>
/// <param name="Exponent">b, one value.</param>
public readonly record struct TimePower(Tensor Factor, Tensor Exponent);
