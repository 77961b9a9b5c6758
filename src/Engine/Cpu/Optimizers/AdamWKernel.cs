using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Optimizers;

/// <summary>One pass over parameter p, gradient g and moments m, v: 16 bytes a value read, 12 written. Rows that are named are the table's, not the
/// gradient's.</summary>
internal readonly unsafe struct AdamWKernel(
    float* p, int strideP, float* g, int strideG, float* m, int strideM, float* v, int strideV, AdamWFactors factors, NamedRows rows = default)
    : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        rows.Prefetch(p, row, columns, strideP);
        Simd.Prefetch.StridedRow(g, row, columns, strideG);
        rows.Prefetch(m, row, columns, strideM);
        rows.Prefetch(v, row, columns, strideV);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var at = rows.Of(row);
        var parameter = p + ((long)at * strideP);
        var gradient = g + ((long)row * strideG);
        var first = m + ((long)at * strideM);
        var second = v + ((long)at * strideV);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var (mean, square) = (TVector.Load(first + c), TVector.Load(second + c));
            var updated = factors.Update(TVector.Load(parameter + c), TVector.Load(gradient + c), ref mean, ref square);
            TVector.Store(updated, parameter + c);
            TVector.Store(mean, first + c);
            TVector.Store(square, second + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var (mean, square) = (TVector.LoadMasked(first + c, mask), TVector.LoadMasked(second + c, mask));
            var updated = factors.Update(TVector.LoadMasked(parameter + c, mask), TVector.LoadMasked(gradient + c, mask), ref mean, ref square);
            TVector.StoreMasked(updated, parameter + c, mask);
            TVector.StoreMasked(mean, first + c, mask);
            TVector.StoreMasked(square, second + c, mask);
        }
    }
}
