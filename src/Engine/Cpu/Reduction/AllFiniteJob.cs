using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>Whether a chunk's values are finite: 0·x is 0 for those and NaN for the others, and a NaN stays in a sum.</summary>
internal readonly unsafe struct AllFiniteJob(RowSplit split, float* x, int stride, float* chunks) : IChunkJob
{
    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (a, b) = (TVector.Zero, TVector.Zero);
        var (row, end) = split.RowsOf(chunk);
        for (; row < end; row++)
        {
            var source = x + ((long)row * stride);
            var columns = split.ColumnsOf(row);
            var c = 0;
            for (; c <= columns - (2 * TVector.Width); c += 2 * TVector.Width)
            {
                a = TVector.MultiplyAdd(TVector.Load(source + c), TVector.Zero, a);
                b = TVector.MultiplyAdd(TVector.Load(source + c + TVector.Width), TVector.Zero, b);
            }

            for (; c < columns; c += TVector.Width)
            {
                var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
                a = TVector.MultiplyAdd(TVector.LoadMasked(source + c, mask), TVector.Zero, a);
            }
        }

        chunks[chunk] = TVector.Sum(a + b);
    }
}
