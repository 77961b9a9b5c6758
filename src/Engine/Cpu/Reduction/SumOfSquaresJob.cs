using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>The sum of squares of each chunk's values, in two registers so that neither grows long.</summary>
internal readonly unsafe struct SumOfSquaresJob(RowSplit split, float* x, int stride, float* chunks) : IChunkJob
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
                var (first, second) = (TVector.Load(source + c), TVector.Load(source + c + TVector.Width));
                a = TVector.MultiplyAdd(first, first, a);
                b = TVector.MultiplyAdd(second, second, b);
            }

            for (; c < columns; c += TVector.Width)
            {
                var value = TVector.LoadMasked(source + c, TVector.Mask(Math.Min(TVector.Width, columns - c)));
                a = TVector.MultiplyAdd(value, value, a);
            }
        }

        chunks[chunk] = TVector.Sum(a + b);
    }
}
