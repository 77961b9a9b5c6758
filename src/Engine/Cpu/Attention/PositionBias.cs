using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// The position bias as attention reads it and the table that its gradient is summed in: one value a distance, the batch's longest distance first, so that the
/// values of a row of scores lie in a row. Value Longest − 1 + j − i belongs to query i and key j.
/// </summary>
internal static unsafe class PositionBias
{
    /// <summary>Values before the first distance and behind distance 0 that a tile's vectors may touch.</summary>
    private const int Slack = 2 * AttentionTile.Size;

    private const int Diagonals = (2 * AttentionTile.Size) + AttentionTile.Piece;

    /// <summary>Tables that the rows of a tile take in turn, so that a row need not wait for the last one's stores.</summary>
    private const int Turns = 4;

    /// <summary>Floats of a table for sequences up to <paramref name="longest"/>.</summary>
    public static int TableFloats(int longest) => AttentionTile.Pad(longest) + (2 * Slack);

    /// <summary>Floats of the memory that a worker needs to sum a tile.</summary>
    public static int WorkFloats => Turns * Diagonals;

    /// <summary>The table's value for query row and key column 0.</summary>
    public static float* At(float* table, int longest, int row, int column) => table + Slack + (longest - 1 - row) + column;

    /// <summary>Fills a table from the parameter [2N − 1], or with 0 where there is none.</summary>
    public static void Load(float* parameter, int normalizer, int longest, float* table)
    {
        new Span<float>(table, TableFloats(longest)).Clear();
        if (parameter != null)
        {
            new ReadOnlySpan<float>(parameter + normalizer - longest, longest).CopyTo(new Span<float>(table + Slack, longest));
        }
    }

    /// <summary>Adds the sums along the diagonals of a tile of scores' gradients to a table.</summary>
    /// <param name="at">The table's value for the tile's row 0 and column 0.</param>
    public static void AddGradient<TVector>(float* gradients, int rows, bool diagonal, float* work, float* at)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        new Span<float>(work, WorkFloats).Clear();
        for (var row = 0; row < rows; row++)
        {
            var sums = work + (row % Turns * Diagonals) + AttentionTile.Size - 1 - row;
            var columns = diagonal ? row + 1 : AttentionTile.Size;
            for (var column = 0; column < columns; column += TVector.Width)
            {
                TVector.Store(TVector.Load(sums + column) + TVector.Load(gradients + column), sums + column);
            }

            gradients += AttentionTile.Size;
        }

        at -= AttentionTile.Size - 1;
        for (var place = 0; place < Diagonals; place += TVector.Width)
        {
            var sum = TVector.Load(work + place) + TVector.Load(work + Diagonals + place)
                + (TVector.Load(work + (2 * Diagonals) + place) + TVector.Load(work + (3 * Diagonals) + place));
            TVector.Store(TVector.Load(at + place) + sum, at + place);
        }
    }

    /// <summary>Adds up the tables of all chunks in their order and hands the sum to the parameter's gradient [2N − 1]; distances that no sequence has get
    /// 0.</summary>
    public static void Reduce(float* tables, nint stride, int chunks, int normalizer, int longest, float* gradient, bool accumulate)
    {
        if (!accumulate)
        {
            new Span<float>(gradient, (2 * normalizer) - 1).Clear();
        }

        if (chunks == 0)
        {
            return;
        }

        for (var chunk = 1; chunk < chunks; chunk++)
        {
            for (var place = 0; place < longest; place++)
            {
                tables[Slack + place] += tables[(chunk * stride) + Slack + place];
            }
        }

        for (var place = 0; place < longest; place++)
        {
            gradient[normalizer - longest + place] += tables[Slack + place];
        }
    }
}
