using System.Runtime.CompilerServices;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>The logistic sigmoid: f(x) = σ(x) = 1/(1 + e^−x), f'(x) = σ(x)·(1 − σ(x)).</summary>
public readonly struct Sigmoid : IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => Elementary.SigmoidDerivative(x);
}
