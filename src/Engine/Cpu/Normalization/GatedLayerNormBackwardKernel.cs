using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>
/// With dz = dropout(dy): dgate (+)= dz·a and da = dz·gate, or with the three parts of dz dgate (+)= dz₁ + dz₃·a and da = dz₂ + dz₃·gate; da then goes
/// back through the normalisation. One look at memory: da lives in a row of scratch.
/// </summary>
internal readonly unsafe struct GatedLayerNormBackwardKernel(
    float* gate,
    int strideGate,
    float* x,
    int strideX,
    float epsilon,
    bool concatenate,
    DropoutRows dropout,
    float* dy,
    int strideDy,
    float* dGate,
    int strideDGate,
    bool accumulateGate,
    float* dx,
    int strideDx,
    bool accumulateX,
    float* scratch,
    int scratchPerWorker) : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(gate, row, columns, strideGate);
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(dy, row, (concatenate ? 3 : 1) * columns, strideDy);
        Simd.Prefetch.StridedRow(dGate, row, columns, strideDGate);
        Simd.Prefetch.StridedRow(dx, row, columns, strideDx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = dropout.Draw<TVector>(row, worker);
        var source = x + ((long)row * strideX);
        var norm = LayerNormRow.Of<TVector>(source, columns, epsilon);
        var da = scratch + ((long)worker * scratchPerWorker);
        var upstream = dy + ((long)row * strideDy);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            Part(row, columns, c, TVector.Load(source + c), norm, words, upstream, da, TVector.Zero, isTail: false);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            Part(row, columns, c, TVector.LoadMasked(source + c, mask), norm, words, upstream, da, mask, isTail: true);
        }

        if (dx != null)
        {
            LayerNormBackwardKernel.Propagate<TVector>(source, norm, da, dx + ((long)row * strideDx), columns, accumulateX);
        }
    }

    /// <summary>A register's width of the gate's gradient, to memory, and of da, to scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Part<TVector>(
        int row, int columns, int c, TVector value, LayerNormRow norm, uint* words, float* upstream, float* da, TVector mask, bool isTail)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var product = concatenate ? 2 * columns : 0;
        var dz = dropout.Apply(Load(upstream + product + c, mask, isTail), words + product + c);
        if (dGate != null)
        {
            var gradient = dGate + ((long)row * strideDGate) + c;
            var a = (value - TVector.Broadcast(norm.Mean)) * TVector.Broadcast(norm.Scale);
            var sum = concatenate
                ? TVector.MultiplyAdd(dz, a, dropout.Apply(Load(upstream + c, mask, isTail), words + c))
                : dz * a;
            sum = accumulateGate ? sum + Load(gradient, mask, isTail) : sum;
            if (isTail)
            {
                TVector.StoreMasked(sum, gradient, mask);
            }
            else
            {
                TVector.Store(sum, gradient);
            }
        }

        if (dx != null)
        {
            var open = Load(gate + ((long)row * strideGate) + c, mask, isTail);
            var sum = concatenate
                ? TVector.MultiplyAdd(dz, open, dropout.Apply(Load(upstream + columns + c, mask, isTail), words + columns + c))
                : dz * open;

            // Scratch rows end with a whole register.
            TVector.Store(sum, da + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TVector>(float* source, TVector mask, bool isTail)
        where TVector : unmanaged, IFloatVector<TVector> => isTail ? TVector.LoadMasked(source, mask) : TVector.Load(source);
}
