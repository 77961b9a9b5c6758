using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y = f(x).</summary>
internal readonly unsafe struct ForwardKernel<TFunction>(float* x, int strideX, float* y, int strideY) : IRowKernel
    where TFunction : struct, IPointwiseFunction
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
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TFunction.Forward(TVector.Load(source + c)), result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            TVector.StoreMasked(TFunction.Forward(TVector.LoadMasked(source + c, mask)), result + c, mask);
        }
    }
}
