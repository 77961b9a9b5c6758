using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>y = n·weight + bias, each group of a row normalised by itself.</summary>
/// <param name="weight">A value a column, or null.</param>
/// <param name="bias">Likewise.</param>
internal readonly unsafe struct NormalizeKernel(
    NormKind kind, float* x, int strideX, float epsilon, int groups, float* weight, float* bias, float* y, int strideY) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var width = columns / groups;
        for (var first = 0; first < columns; first += width)
        {
            var source = x + ((long)row * strideX) + first;
            var result = y + ((long)row * strideY) + first;
            var norm = LayerNormRow.Of<TVector>(kind, source, width, epsilon);
            var (mean, scale) = (TVector.Broadcast(norm.Mean), TVector.Broadcast(norm.Scale));
            for (var c = 0; c < width; c += TVector.Width)
            {
                var mask = TVector.Mask(Math.Min(TVector.Width, width - c));
                var value = (TVector.LoadMasked(source + c, mask) - mean) * scale;
                value = weight == null ? value : value * TVector.LoadMasked(weight + first + c, mask);
                value = bias == null ? value : value + TVector.LoadMasked(bias + first + c, mask);
                TVector.StoreMasked(value, result + c, mask);
            }
        }
    }
}
