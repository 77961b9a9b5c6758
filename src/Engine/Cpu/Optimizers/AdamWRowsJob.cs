using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Optimizers;

/// <summary>
/// AdamW of a whole table by its row gradient: a chunk is a range of the table's rows, and runs of rows without a gradient go through as one vector. 12 bytes a
/// value read, 12 written, and the gradient's rows read.
/// </summary>
internal readonly unsafe struct AdamWRowsJob(
    RowSplit split, int columns, float* p, int strideP, float* m, int strideM, float* v, int strideV, float* g, int strideG, int* rows, int count,
    AdamWFactors factors)
    : IChunkJob
{
    private readonly bool _isFlat = strideP == columns && strideM == columns && strideV == columns;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (row, end) = split.RowsOf(chunk);
        var next = new ReadOnlySpan<int>(rows, count).BinarySearch(row);
        next = next < 0 ? ~next : next;
        while (row < end)
        {
            var stop = next < count ? Math.Min(rows[next], end) : end;
            Decay<TVector>(row, stop);
            row = stop;
            if (row < end)
            {
                Learn<TVector>(p + ((long)row * strideP), g + ((long)next * strideG), m + ((long)row * strideM), v + ((long)row * strideV));
                next++;
                row++;
            }
        }
    }

    private void Decay<TVector>(int row, int stop)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (_isFlat)
        {
            var first = (long)row * columns;
            Decay<TVector>(p + first, m + first, v + first, (stop - row) * columns);
            return;
        }

        for (; row < stop; row++)
        {
            Decay<TVector>(p + ((long)row * strideP), m + ((long)row * strideM), v + ((long)row * strideV), columns);
        }
    }

    /// <summary>The update by a gradient of 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Decay<TVector>(float* parameter, float* first, float* second, int values)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var c = 0;
        for (; c <= values - TVector.Width; c += TVector.Width)
        {
            var (mean, square) = (TVector.Load(first + c), TVector.Load(second + c));
            TVector.Store(factors.Update(TVector.Load(parameter + c), TVector.Zero, ref mean, ref square), parameter + c);
            TVector.Store(mean, first + c);
            TVector.Store(square, second + c);
        }

        if (c < values)
        {
            var mask = TVector.Mask(values - c);
            var (mean, square) = (TVector.LoadMasked(first + c, mask), TVector.LoadMasked(second + c, mask));
            TVector.StoreMasked(factors.Update(TVector.LoadMasked(parameter + c, mask), TVector.Zero, ref mean, ref square), parameter + c, mask);
            TVector.StoreMasked(mean, first + c, mask);
            TVector.StoreMasked(square, second + c, mask);
        }
    }

    private void Learn<TVector>(float* parameter, float* gradient, float* first, float* second)
        where TVector : unmanaged, IFloatVector<TVector> =>
        new AdamWKernel(parameter, 0, gradient, 0, first, 0, second, 0, factors).Row<TVector>(0, columns, 0);
}
