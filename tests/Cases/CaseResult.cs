namespace LargeRec.Cases;

/// <summary>What a case computed.</summary>
/// <param name="Output">The output in row-major order.</param>
/// <param name="Upstream">The gradient that the backward pass started with: w of L = Σ w·output.</param>
/// <param name="Gradients">dL/dinput in the order of the inputs; null for an input without a gradient.</param>
public sealed record CaseResult(float[] Output, float[] Upstream, IReadOnlyList<float[]?> Gradients);
