using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>y = (x − mean)/√(variance + ε).</summary>
internal readonly unsafe struct LayerNormKernel(float* x, int strideX, float epsilon, float* y, int strideY) : IRowKernel
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
        var source = x + ((long)row * strideX);
        var result = y + ((long)row * strideY);
        var norm = LayerNormRow.Of<TVector>(source, columns, epsilon);
        var (mean, scale) = (TVector.Broadcast(norm.Mean), TVector.Broadcast(norm.Scale));
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store((TVector.Load(source + c) - mean) * scale, result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            TVector.StoreMasked((TVector.LoadMasked(source + c, mask) - mean) * scale, result + c, mask);
        }
    }
}
