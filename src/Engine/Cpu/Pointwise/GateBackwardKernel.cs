using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>da (+)= f'(a)·b·dy and db (+)= f(a)·dy.</summary>
internal readonly unsafe struct GateBackwardKernel<TFunction>(
    float* a, int strideA, float* b, int strideB, float* dy, int strideDy, float* da, int strideDa, bool accumulateA, float* db, int strideDb, bool accumulateB)
    : IRowKernel
    where TFunction : struct, IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(a, row, columns, strideA);
        Simd.Prefetch.StridedRow(b, row, columns, strideB);
        Simd.Prefetch.StridedRow(dy, row, columns, strideDy);
        Simd.Prefetch.StridedRow(da, row, columns, strideDa);
        Simd.Prefetch.StridedRow(db, row, columns, strideDb);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var c = 0; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            var gate = TVector.LoadMasked(a + ((long)row * strideA) + c, mask);
            var upstream = TVector.LoadMasked(dy + ((long)row * strideDy) + c, mask);
            if (da != null)
            {
                var value = TFunction.Derivative(gate) * TVector.LoadMasked(b + ((long)row * strideB) + c, mask) * upstream;
                Write(value, da + ((long)row * strideDa) + c, mask, accumulateA);
            }

            if (db != null)
            {
                Write(TFunction.Forward(gate) * upstream, db + ((long)row * strideDb) + c, mask, accumulateB);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TVector>(TVector value, float* target, TVector mask, bool accumulate)
        where TVector : unmanaged, IFloatVector<TVector> =>
        TVector.StoreMasked(accumulate ? TVector.LoadMasked(target, mask) + value : value, target, mask);
}
