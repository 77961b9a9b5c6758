using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y = f(a)·b.</summary>
internal readonly unsafe struct GateKernel<TFunction>(float* a, int strideA, float* b, int strideB, float* y, int strideY) : IRowKernel
    where TFunction : struct, IPointwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(a, row, columns, strideA);
        Simd.Prefetch.StridedRow(b, row, columns, strideB);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var gates = a + ((long)row * strideA);
        var values = b + ((long)row * strideB);
        var result = y + ((long)row * strideY);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TFunction.Forward(TVector.Load(gates + c)) * TVector.Load(values + c), result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            TVector.StoreMasked(TFunction.Forward(TVector.LoadMasked(gates + c, mask)) * TVector.LoadMasked(values + c, mask), result + c, mask);
        }
    }
}
