using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>Σ term(x) over each chunk's values, in two registers so that neither grows long.</summary>
internal readonly unsafe struct SumJob<TTerm>(RowSplit split, float* x, int stride, float* chunks) : IChunkJob
    where TTerm : struct, ITerm
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
                a = TTerm.Add(TVector.Load(source + c), a);
                b = TTerm.Add(TVector.Load(source + c + TVector.Width), b);
            }

            for (; c < columns; c += TVector.Width)
            {
                a = TTerm.Add(TVector.LoadMasked(source + c, TVector.Mask(Math.Min(TVector.Width, columns - c))), a);
            }
        }

        chunks[chunk] = TVector.Sum(a + b);
    }
}
