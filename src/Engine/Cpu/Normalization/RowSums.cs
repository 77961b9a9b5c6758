using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>Sums over one row, read from a core's first cache: lanes first, then across them, an order that depends on the SIMD width alone.</summary>
internal static unsafe class RowSums
{
    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TVector>(float* x, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = TVector.Zero;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            sum += TVector.Load(x + c);
        }

        if (c < columns)
        {
            sum += TVector.LoadMasked(x + c, TVector.Mask(columns - c));
        }

        return TVector.Sum(sum);
    }

    /// <summary>Σ x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares<TVector>(float* x, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = TVector.Zero;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.Load(x + c);
            sum = TVector.MultiplyAdd(value, value, sum);
        }

        if (c < columns)
        {
            var value = TVector.LoadMasked(x + c, TVector.Mask(columns - c));
            sum = TVector.MultiplyAdd(value, value, sum);
        }

        return TVector.Sum(sum);
    }

    /// <summary>Σ (x − centre)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquaresAround<TVector>(float* x, int columns, float centre)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var centres = TVector.Broadcast(centre);
        var sum = TVector.Zero;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.Load(x + c) - centres;
            sum = TVector.MultiplyAdd(value, value, sum);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.And(TVector.LoadMasked(x + c, mask) - centres, mask);
            sum = TVector.MultiplyAdd(value, value, sum);
        }

        return TVector.Sum(sum);
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Product<TVector>(float* x, float* y, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = TVector.Zero;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            sum = TVector.MultiplyAdd(TVector.Load(x + c), TVector.Load(y + c), sum);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            sum = TVector.MultiplyAdd(TVector.LoadMasked(x + c, mask), TVector.LoadMasked(y + c, mask), sum);
        }

        return TVector.Sum(sum);
    }

    /// <summary>Σ (x − centreX)·(y − centreY).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ProductAround<TVector>(float* x, float centreX, float* y, float centreY, int columns)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (centresX, centresY) = (TVector.Broadcast(centreX), TVector.Broadcast(centreY));
        var sum = TVector.Zero;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            sum = TVector.MultiplyAdd(TVector.Load(x + c) - centresX, TVector.Load(y + c) - centresY, sum);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.And(TVector.LoadMasked(x + c, mask) - centresX, mask);
            sum = TVector.MultiplyAdd(value, TVector.LoadMasked(y + c, mask) - centresY, sum);
        }

        return TVector.Sum(sum);
    }
}
