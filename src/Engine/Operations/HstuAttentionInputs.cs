using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>What HSTU's attention reads.</summary>
/// <param name="Queries">[T, H·dqk], head h in columns h·dqk to (h+1)·dqk.</param>
/// <param name="Keys">[T, H·dqk].</param>
/// <param name="Values">[T, H·dv].</param>
/// <param name="Heads">H.</param>
/// <param name="Normalizer">N, by which the weights are divided: the padded length of the published code, max length + 11, never a batch's own longest.</param>
/// <param name="PositionBias">[2N − 1], or none.</param>
/// <param name="TimeBias">[<see cref="TimeBuckets.Count"/>], or none.</param>
public readonly record struct HstuAttentionInputs(
    Tensor Queries, Tensor Keys, Tensor Values, int Heads, int Normalizer, Tensor? PositionBias, Tensor? TimeBias);
