using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>What normalises a row: its mean and 1/√(variance + ε), the variance about the mean in a second look at the row.</summary>
internal readonly struct LayerNormRow(float mean, float scale)
{
    public float Mean { get; } = mean;

    public float Scale { get; } = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe LayerNormRow Of<TVector>(float* x, int columns, float epsilon)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var mean = RowSums.Sum<TVector>(x, columns) / columns;
        var variance = RowSums.SumOfSquaresAround<TVector>(x, columns, mean) / columns;
        return new(mean, 1f / MathF.Sqrt(variance + epsilon));
    }

    /// <summary>Of either kind; for the root mean square the mean is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe LayerNormRow Of<TVector>(NormKind kind, float* x, int columns, float epsilon)
        where TVector : unmanaged, IFloatVector<TVector> =>
        kind == NormKind.Layer
            ? Of<TVector>(x, columns, epsilon)
            : new(0, 1f / MathF.Sqrt((RowSums.SumOfSquares<TVector>(x, columns) / columns) + epsilon));
}
