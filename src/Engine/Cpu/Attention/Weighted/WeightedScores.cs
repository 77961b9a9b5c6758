using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>The scores of a tile before position bias and scale.</summary>
internal static unsafe class WeightedScores
{
    /// <summary>scores = queries·keys + time bias, or where there are no queries the time bias alone.</summary>
    /// <param name="bias">The time bias of the tile, or null.</param>
    public static void Run<TVector>(
        in WeightedArguments arguments, in AttentionUnit unit, int head, int firstRow, int rows, float* keys, float* bias, float* scores, bool diagonal)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var a = arguments.Operands;
        if (a.Queries != null)
        {
            var queries = a.Queries + ((nint)(a.Offsets[unit.Sequence] + firstRow) * a.QueryStride) + arguments.QueryColumn(unit, head, a.KeyWidth);
            var prefetch = default(RowPrefetch);
            AttentionProducts.Scores<TVector>(queries, a.QueryStride, rows, a.KeyWidth, keys, bias, scores, diagonal, ref prefetch);
            return;
        }

        var values = new Span<float>(scores, rows * AttentionTile.Size);
        if (bias == null)
        {
            values.Clear();
        }
        else
        {
            new ReadOnlySpan<float>(bias, values.Length).CopyTo(values);
        }
    }
}
