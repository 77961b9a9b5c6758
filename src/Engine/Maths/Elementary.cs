using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Maths;

/// <summary>Elementary functions from bits and polynomials, the same operations in the same order for every kind of lanes.</summary>
public static partial class Elementary
{
    private const float Log2OfE = 1.44269504f;
    private const float Ln2High = 0.693115234375f; // 12 bits: its product with a whole number below 2^12 is exact
    private const float Ln2Low = 3.194618495e-5f;

    /// <summary>
    /// e^x: x = n·ln 2 + r with whole n and |r| ≤ ln 2 / 2, a polynomial of degree 6 for e^r, then the exponent. Relative error about 1.2e-7.
    /// Arguments above 88.7 count as 88.7 (3.3e38: finite); below −125.5·ln 2 = −86.99, where the smallest normal numbers are, the result is exactly 0.
    /// NaN gives NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        x = T.Min(T.Broadcast(88.7f), T.Max(T.Broadcast(-87.3f), x));
        var n = T.Round(x * T.Broadcast(Log2OfE));
        var r = T.MultiplyAdd(n, T.Broadcast(-Ln2High), x);
        r = T.MultiplyAdd(n, T.Broadcast(-Ln2Low), r);

        // Coefficients of 2·e^r (fitted at Chebyshev nodes, the first three exact; 1.0e-8 relative): twice, since n reaches 128 and 2^n 127 only.
        var p = T.MultiplyAdd(T.Broadcast(0.00278525007889f), r, T.Broadcast(0.0167264658958f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.0833331048489f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.333331525326f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(2f));
        return T.ScaleByPowerOfTwo(p, n - T.Broadcast(1f));
    }

    /// <summary>The logistic sigmoid σ(x) = 1 / (1 + e^−x); from 3e-39 at −∞ to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IFloatLanes<T> => T.Broadcast(1f) / (T.Broadcast(1f) + Exp(-x));

    /// <summary>x·σ(x) as x / (1 + e^−x). Below −88.7 it stays at −2.7e-37 (the true value is nearer to 0 still), for −∞ too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Silu<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        x = T.Max(T.Broadcast(-88.7f), x);
        return x / (T.Broadcast(1f) + Exp(-x));
    }

    /// <summary>The derivative of <see cref="Silu"/>: σ(x)·(1 + x·(1 − σ(x))).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SiluDerivative<T>(T x)
        where T : unmanaged, IFloatLanes<T>
    {
        x = T.Max(T.Broadcast(-88.7f), x);
        var sigmoid = Sigmoid(x);
        return T.MultiplyAdd(x * sigmoid, T.Broadcast(1f) - sigmoid, sigmoid);
    }
}
