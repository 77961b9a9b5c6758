namespace LargeRec.Autograd;

/// <summary>An input of a function whose gradients are checked.</summary>
/// <param name="Name">How a report calls it.</param>
/// <param name="Values">The very values that the engine computed with.</param>
/// <param name="DifferenceStep">
/// Half the distance h of the central difference (f(x + h) − f(x − h))/2h: its own error is about h²·f'''/6 and 10⁻¹⁶·|f|/h, 10⁻¹⁰ both for 10⁻⁵ and a function
/// that bends over a distance of 1. Where it bends over a shorter one, take as much less.
/// </param>
/// <param name="IsChecked">Whether it has a gradient.</param>
public sealed record GradientCheckInput(string Name, float[] Values, double DifferenceStep = 1e-5, bool IsChecked = true);
