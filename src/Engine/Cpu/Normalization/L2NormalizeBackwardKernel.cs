using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>dx (+)= (dy − n·⟨n, dy⟩)/‖x‖ with n = x/‖x‖; dy/ε where ‖x‖ is not above ε; x as in the forward pass.</summary>
internal readonly unsafe struct L2NormalizeBackwardKernel(
    float* x, int strideX, float epsilon, float* dy, int strideDy, float* dx, int strideDx, bool accumulate, NamedRows rows = default) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        rows.Prefetch(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(dy, row, columns, strideDy);
        Simd.Prefetch.StridedRow(dx, row, columns, strideDx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var source = x + ((long)rows.Of(row) * strideX);
        var upstream = dy + ((long)row * strideDy);
        var gradient = dx + ((long)row * strideDx);
        var norm = MathF.Sqrt(RowSums.SumOfSquares<TVector>(source, columns));
        var inverse = 1f / (norm > epsilon ? norm : epsilon);
        var along = norm > epsilon ? -(RowSums.Product<TVector>(source, upstream, columns) * inverse * inverse) : 0f;
        var (scale, slope) = (TVector.Broadcast(inverse), TVector.Broadcast(along));
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.MultiplyAdd(TVector.Load(source + c), slope, TVector.Load(upstream + c));
            TVector.Store(accumulate ? TVector.MultiplyAdd(value, scale, TVector.Load(gradient + c)) : value * scale, gradient + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.MultiplyAdd(TVector.LoadMasked(source + c, mask), slope, TVector.LoadMasked(upstream + c, mask));
            value = accumulate ? TVector.MultiplyAdd(value, scale, TVector.LoadMasked(gradient + c, mask)) : value * scale;
            TVector.StoreMasked(value, gradient + c, mask);
        }
    }
}
