using System.Runtime.CompilerServices;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>f(x) = max(0, x); f'(x) = 1 above 0, else 0 (at 0 too, as in PyTorch).</summary>
public readonly struct Relu : IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> => TVector.Max(TVector.Broadcast(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector> =>
        TVector.SelectLess(TVector.Broadcast(0f), x, TVector.Broadcast(1f), TVector.Broadcast(0f));
}
