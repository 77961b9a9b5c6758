using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Pointwise;

/// <summary>y = residual + x·keep/(1 − rate).</summary>
internal readonly unsafe struct DropoutAddKernel(DropoutRows dropout, float* x, int strideX, float* residual, int strideResidual, float* y, int strideY)
    : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(residual, row, columns, strideResidual);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = dropout.Draw<TVector>(row, worker);
        var source = x + ((long)row * strideX);
        var before = residual + ((long)row * strideResidual);
        var result = y + ((long)row * strideY);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TVector.Load(before + c) + dropout.Apply(TVector.Load(source + c), words + c), result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            TVector.StoreMasked(TVector.LoadMasked(before + c, mask) + dropout.Apply(TVector.LoadMasked(source + c, mask), words + c), result + c, mask);
        }
    }
}
