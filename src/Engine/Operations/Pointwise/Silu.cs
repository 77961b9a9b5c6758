using System.Runtime.CompilerServices;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>SiLU: f(x) = x·σ(x), f'(x) = σ(x)·(1 + x·(1 − σ(x))), with σ the logistic sigmoid.</summary>
public readonly struct Silu : IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.Silu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.SiluDerivative(x);
}
