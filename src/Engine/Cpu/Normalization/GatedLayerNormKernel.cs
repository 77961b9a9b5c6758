using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>y = dropout(gate·a) or dropout([gate, a, gate·a]), with a = (x − mean)/√(variance + ε).</summary>
internal readonly unsafe struct GatedLayerNormKernel(
    float* gate, int strideGate, float* x, int strideX, float epsilon, bool concatenate, DropoutRows dropout, float* y, int strideY) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(gate, row, columns, strideGate);
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(y, row, (concatenate ? 3 : 1) * columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = dropout.Draw<TVector>(row, worker);
        var gates = gate + ((long)row * strideGate);
        var source = x + ((long)row * strideX);
        var result = y + ((long)row * strideY);
        var norm = LayerNormRow.Of<TVector>(source, columns, epsilon);
        var (mean, scale) = (TVector.Broadcast(norm.Mean), TVector.Broadcast(norm.Scale));
        var product = concatenate ? 2 * columns : 0;
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var open = TVector.Load(gates + c);
            var a = (TVector.Load(source + c) - mean) * scale;
            if (concatenate)
            {
                TVector.Store(dropout.Apply(open, words + c), result + c);
                TVector.Store(dropout.Apply(a, words + columns + c), result + columns + c);
            }

            TVector.Store(dropout.Apply(open * a, words + product + c), result + product + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var open = TVector.LoadMasked(gates + c, mask);
            var a = (TVector.LoadMasked(source + c, mask) - mean) * scale;
            if (concatenate)
            {
                TVector.StoreMasked(dropout.Apply(open, words + c), result + c, mask);
                TVector.StoreMasked(dropout.Apply(a, words + columns + c), result + columns + c, mask);
            }

            TVector.StoreMasked(dropout.Apply(open * a, words + product + c), result + product + c, mask);
        }
    }
}
