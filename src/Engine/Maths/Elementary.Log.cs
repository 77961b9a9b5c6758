using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Maths;

public static partial class Elementary
{
    /// <summary>
    /// ln x: x = m·2^e with m in [√½, √2), t = m − 1, ln(1 + t) = t − t²/2 + t³·P(t) with P of degree 8, then e·ln 2 in two parts. Relative error
    /// about 1.2e-7, near 1 too. 0 gives −∞, a negative number NaN, +∞ itself, NaN itself; subnormal numbers are taken for what they are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        var (zero, one, smallestNormal) = (T.Broadcast(0f), T.Broadcast(1f), T.Broadcast(1.17549435e-38f));
        var m = T.SplitExponent(T.SelectLess(x, smallestNormal, x * T.Broadcast(8388608f), x), out var e);
        e += T.SelectLess(x, smallestNormal, T.Broadcast(-23f), zero);
        var sqrt2 = T.Broadcast(1.41421356f);
        e += T.SelectLess(sqrt2, m, one, zero);
        m = T.SelectLess(sqrt2, m, m * T.Broadcast(0.5f), m);

        // (ln(1 + t) − t + t²/2)/t³, fitted at Chebyshev nodes of [√½ − 1, √2 − 1]: 2.9e-8.
        var t = m - one;
        var p = T.MultiplyAdd(T.Broadcast(0.0697161147145f), t, T.Broadcast(-0.114797338466f));
        p = T.MultiplyAdd(p, t, T.Broadcast(0.116854199235f));
        p = T.MultiplyAdd(p, t, T.Broadcast(-0.124256873315f));
        p = T.MultiplyAdd(p, t, T.Broadcast(0.142490576457f));
        p = T.MultiplyAdd(p, t, T.Broadcast(-0.166678023195f));
        p = T.MultiplyAdd(p, t, T.Broadcast(0.200007157489f));
        p = T.MultiplyAdd(p, t, T.Broadcast(-0.24999996958f));
        p = T.MultiplyAdd(p, t, T.Broadcast(0.3333333118f));
        var square = t * t;
        var rest = T.MultiplyAdd(e, T.Broadcast(Ln2Low), p * (square * t));
        rest = T.MultiplyAdd(T.Broadcast(-0.5f), square, rest);
        var result = T.MultiplyAdd(e, T.Broadcast(Ln2High), t + rest);

        var ofRest = T.SelectLess(x, zero, T.Broadcast(float.NaN), T.Broadcast(float.NegativeInfinity));
        return T.SelectLess(x, T.Broadcast(float.PositiveInfinity), T.SelectLess(zero, x, result, ofRest), x);
    }
}
