using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>y = x/max(‖x‖, ε), x being the matrix's own rows or, where rows are named, those.</summary>
internal readonly unsafe struct L2NormalizeKernel(float* x, int strideX, float epsilon, float* y, int strideY, NamedRows rows = default) : IRowKernel
{
    /// <summary>1/max(‖x‖, ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale<TVector>(float* row, int columns, float epsilon)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var norm = MathF.Sqrt(RowSums.SumOfSquares<TVector>(row, columns));

        // A norm beyond float32 must show as NaN: divided by infinity the row would be 0, and a training that explodes would go on unseen.
        return float.IsPositiveInfinity(norm) ? float.NaN : 1f / MathF.Max(norm, epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        rows.Prefetch(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var source = x + ((long)rows.Of(row) * strideX);
        var result = y + ((long)row * strideY);
        var scale = TVector.Broadcast(Scale<TVector>(source, columns, epsilon));
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TVector.Load(source + c) * scale, result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            TVector.StoreMasked(TVector.LoadMasked(source + c, mask) * scale, result + c, mask);
        }
    }
}
