using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>The sum of each chunk's rows, in a row of partial sums of its own.</summary>
internal readonly unsafe struct SumRowsJob(float* x, int rows, int columns, int stride, float* partials, int partialStride) : IChunkJob
{
    /// <summary>Rows a chunk.</summary>
    public const int BlockRows = 256;

    /// <summary>Registers that sum at once.</summary>
    private const int Unroll = 4;

    /// <summary>Chunks for a number of rows.</summary>
    public static int Chunks(int rows) => (rows + BlockRows - 1) / BlockRows;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var first = chunk * BlockRows;
        var count = Math.Min(BlockRows, rows - first);
        var source = x + ((long)first * stride);
        var sum = partials + ((long)chunk * partialStride);
        var c = 0;
        for (; c <= columns - (Unroll * TVector.Width); c += Unroll * TVector.Width)
        {
            var (a, b, d, e) = (TVector.Zero, TVector.Zero, TVector.Zero, TVector.Zero);
            var row = source + c;
            for (var r = 0; r < count; r++, row += stride)
            {
                a += TVector.Load(row);
                b += TVector.Load(row + TVector.Width);
                d += TVector.Load(row + (2 * TVector.Width));
                e += TVector.Load(row + (3 * TVector.Width));
            }

            TVector.Store(a, sum + c);
            TVector.Store(b, sum + c + TVector.Width);
            TVector.Store(d, sum + c + (2 * TVector.Width));
            TVector.Store(e, sum + c + (3 * TVector.Width));
        }

        for (; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            var a = TVector.Zero;
            var row = source + c;
            for (var r = 0; r < count; r++, row += stride)
            {
                a += TVector.LoadMasked(row, mask);
            }

            TVector.Store(a, sum + c);
        }
    }
}
