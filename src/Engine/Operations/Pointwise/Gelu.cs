using System.Runtime.CompilerServices;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>
/// GELU with the exact Φ (Hendrycks and Gimpel 2016): f(x) = x·Φ(x), f'(x) = Φ(x) + x·φ(x), with Φ(x) = (1 + erf(x/√2))/2 and φ(x) = e^(−x²/2)/√(2π).
/// </summary>
public readonly struct Gelu : IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector>
    {
        // Φ(−14) is 0 in float32: stopping there keeps −∞·0 from becoming NaN.
        x = TVector.Max(TVector.Broadcast(-14f), x);
        return x * Elementary.NormalCumulative(x, out _);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector>
    {
        x = TVector.Max(TVector.Broadcast(-14f), x);
        var cumulative = Elementary.NormalCumulative(x, out var exponential);

        // φ is 0 beyond 14, +∞ included.
        var density = exponential * TVector.Broadcast(0.398942280f);
        return TVector.MultiplyAdd(TVector.Min(TVector.Broadcast(14f), x), density, cumulative);
    }
}
