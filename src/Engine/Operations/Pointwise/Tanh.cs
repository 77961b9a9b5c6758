using System.Runtime.CompilerServices;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>f(x) = tanh x, f'(x) = 1 − tanh² x.</summary>
public readonly struct Tanh : IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.TanhDerivative(x);
}
