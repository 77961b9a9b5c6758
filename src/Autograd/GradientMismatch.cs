using System.Globalization;

namespace LargeRec.Autograd;

/// <summary>A gradient that differs from its central difference by more than its tolerance.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Index">Which value, in row-major order; −1 for the derivative along a random direction, in which all values have a part.</param>
/// <param name="Gradient">What the engine's backward made of it.</param>
/// <param name="Difference">The central difference.</param>
/// <param name="Tolerance">What they may differ by.</param>
public sealed record GradientMismatch(string Input, int Index, double Gradient, double Difference, double Tolerance)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Input}{(Index < 0 ? " along a random direction" : $"[{Index}]")}: gradient {Gradient:G9}, central difference {Difference:G9}, "
            + $"differ by {Math.Abs(Gradient - Difference):G3}, allowed {Tolerance:G3}");
}
