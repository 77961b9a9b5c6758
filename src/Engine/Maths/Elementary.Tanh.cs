using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Maths;

public static partial class Elementary
{
    /// <summary>
    /// tanh x: below 0.625 in magnitude x + x³·P(x²) with P of degree 5, above it 1 − 2/(e^(2|x|) + 1) with the sign of x. Relative error about 1.5e-7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        var (zero, one) = (T.Broadcast(0f), T.Broadcast(1f));
        var magnitude = T.Abs(x);
        var far = one - (T.Broadcast(2f) / (Exp(magnitude + magnitude) + one));
        far = T.SelectLess(x, zero, -far, far);

        // (tanh(x)/x − 1)/x², fitted at Chebyshev nodes in x² up to 0.625²: 1.6e-9.
        var square = x * x;
        var p = T.MultiplyAdd(T.Broadcast(0.00229274481618f), square, T.Broadcast(-0.00834394551584f));
        p = T.MultiplyAdd(p, square, T.Broadcast(0.021768918651f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-0.0539592595772f));
        p = T.MultiplyAdd(p, square, T.Broadcast(0.133333035569f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-0.333333331721f));
        var near = T.MultiplyAdd(p * square, x, x);
        return T.SelectLess(magnitude, T.Broadcast(0.625f), near, far);
    }

    /// <summary>The derivative of <see cref="Tanh"/>: 1 − tanh²(x), computed as 4e/(1 + e)² with e = e^(−2|x|), which keeps its digits far from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TanhDerivative<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        var magnitude = T.Abs(x);
        var e = Exp(-(magnitude + magnitude));
        var s = T.Broadcast(2f) / (T.Broadcast(1f) + e);
        return e * s * s;
    }

    /// <summary>The derivative of <see cref="Sigmoid"/>: σ(x)·(1 − σ(x)), computed as e/(1 + e)² with e = e^−|x|, which keeps its digits far from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SigmoidDerivative<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        var e = Exp(-T.Abs(x));
        var s = T.Broadcast(1f) / (T.Broadcast(1f) + e);
        return e * s * s;
    }
}
