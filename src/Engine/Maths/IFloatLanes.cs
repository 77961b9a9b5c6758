namespace LargeRec.Engine.Maths;

/// <summary>
/// Arithmetic on one or several float32 lanes. A formula written once against this interface runs as a scalar, as a SIMD vector of any
/// width and inside a GPU kernel, with the same operations in the same order.
/// </summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
public interface IFloatLanes<TSelf>
    where TSelf : unmanaged, IFloatLanes<TSelf>
{
    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Every lane holds <paramref name="value"/>.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>a·b + c with one rounding.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The smaller value a lane; <paramref name="b"/> where either is NaN (write <c>Min(bound, x)</c> to let a NaN of x through).</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger value a lane; <paramref name="b"/> where either is NaN (write <c>Max(bound, x)</c> to let a NaN of x through).</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>x·2^n for whole n in [-126, 127], by the exact product with 2^n; n = -127 gives 0 for finite x.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf x, TSelf n);

    /// <summary>For positive normal x = m·2^e with m in [1, 2): returns m and hands out e.</summary>
    static abstract TSelf SplitExponent(TSelf x, out TSelf exponent);

    /// <summary><paramref name="ifTrue"/> where a &lt; b, else <paramref name="ifFalse"/> (where either is NaN: <paramref name="ifFalse"/>).</summary>
    static abstract TSelf SelectLess(TSelf a, TSelf b, TSelf ifTrue, TSelf ifFalse);
}
