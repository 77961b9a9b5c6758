using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// Tiles of 32 rows of a head in shared memory, a column of the head a line, and what 64 threads do with them: thread t has rows 4·(t/8) to 4·(t/8) + 3 and, of
/// pairs, columns 4·(t mod 8) to 4·(t mod 8) + 3; of a head, columns t mod 8 + 0, 8, ..., 56.
/// </summary>
internal static class AttentionTile
{
    public const int Side = GroupSizes.PairTile;
    public const int Threads = GroupSizes.PairTileThreads;
    public const int Width = GroupSizes.PairTileWidth;

    /// <summary>A line: a multiple of four floats for vector reads, and 4 modulo 32, so that what eight threads read in eight lines falls on 32
    /// banks.</summary>
    public const int Stride = Side + 4;

    /// <summary>Floats of a tile of rows.</summary>
    public const int Floats = Width * Stride;

    /// <summary>Floats of a tile of pairs.</summary>
    public const int PairFloats = Side * Stride;

    private const int QuadStride = Stride >> 2;
    private const int Half = Width >> 1;

    /// <summary>Lays 32 rows of a head into a tile; 0 beyond the rows that there are, and in columns up to the half or the whole width of a tile.</summary>
    /// <param name="offset">Of the head's first column in row 0.</param>
    public static void Load(ArrayView<float> tile, ArrayView<float> x, int offset, int stride, int firstRow, int rows, int width)
    {
        var values = (width > Half ? Width : Half) * Side;
        for (var i = Group.IdxX; i < values; i += Threads)
        {
            // Eight columns of four rows a warp: sectors read whole, and 32 banks written.
            var column = (i & 7) + ((i >> 8) << 3);
            var row = (i >> 3) & (Side - 1);
            tile[(column * Stride) + row] = firstRow + row < rows && column < width ? x[offset + ((firstRow + row) * stride) + column] : 0f;
        }
    }

    /// <summary>⟨left row, right row⟩ of the thread's pairs.</summary>
    public static PairSums Products(ArrayView<float> left, ArrayView<float> right, int width)
    {
        var (rows, columns) = (left.Cast<Quad>(), right.Cast<Quad>());
        var sums = default(PairSums);
        for (var d = 0; d < width; d += 4)
        {
            var atRow = (d * QuadStride) + (Group.IdxX >> 3);
            var atColumn = (d * QuadStride) + (Group.IdxX & 7);
            sums = sums.Plus(rows[atRow], columns[atColumn])
                .Plus(rows[atRow + QuadStride], columns[atColumn + QuadStride])
                .Plus(rows[atRow + (2 * QuadStride)], columns[atColumn + (2 * QuadStride)])
                .Plus(rows[atRow + (3 * QuadStride)], columns[atColumn + (3 * QuadStride)]);
        }

        return sums;
    }

    /// <summary>Lays the thread's pairs into a tile of pairs.</summary>
    public static void Store(ArrayView<float> pairs, PairSums sums)
    {
        var quads = pairs.Cast<Quad>();
        var at = ((Group.IdxX >> 3) * 4 * QuadStride) + (Group.IdxX & 7);
        quads[at] = sums.Row0;
        quads[at + QuadStride] = sums.Row1;
        quads[at + (2 * QuadStride)] = sums.Row2;
        quads[at + (3 * QuadStride)] = sums.Row3;
    }

    /// <summary>sums + Σ_j pairs[row, j]·right[j, column] of the thread's rows and columns.</summary>
    public static WidthSums Add(WidthSums sums, ArrayView<float> pairs, ArrayView<float> right, int width)
    {
        var (factors, columns) = (pairs.Cast<Quad>(), right.Cast<Quad>());
        for (var j = 0; j < QuadStride - 1; j++)
        {
            var atRow = ((Group.IdxX >> 3) * 4 * QuadStride) + j;
            var atColumn = ((Group.IdxX & 7) * QuadStride) + j;
            var row0 = factors[atRow];
            var row1 = factors[atRow + QuadStride];
            var row2 = factors[atRow + (2 * QuadStride)];
            var row3 = factors[atRow + (3 * QuadStride)];
            var column0 = Add(sums.Column0, row0, row1, row2, row3, columns[atColumn]);
            var column1 = Add(sums.Column1, row0, row1, row2, row3, columns[atColumn + (8 * QuadStride)]);
            var column2 = Add(sums.Column2, row0, row1, row2, row3, columns[atColumn + (16 * QuadStride)]);
            var column3 = Add(sums.Column3, row0, row1, row2, row3, columns[atColumn + (24 * QuadStride)]);
            var column4 = sums.Column4;
            var column5 = sums.Column5;
            var column6 = sums.Column6;
            var column7 = sums.Column7;
            if (width > Half)
            {
                column4 = Add(column4, row0, row1, row2, row3, columns[atColumn + (32 * QuadStride)]);
                column5 = Add(column5, row0, row1, row2, row3, columns[atColumn + (40 * QuadStride)]);
                column6 = Add(column6, row0, row1, row2, row3, columns[atColumn + (48 * QuadStride)]);
                column7 = Add(column7, row0, row1, row2, row3, columns[atColumn + (56 * QuadStride)]);
            }

            sums = new WidthSums(column0, column1, column2, column3, column4, column5, column6, column7);
        }

        return sums;
    }

    /// <summary>x (+)= the sums, of rows and columns that there are.</summary>
    /// <param name="offset">Of the head's first column in row 0.</param>
    public static void Write(WidthSums sums, ArrayView<float> x, int offset, int stride, int firstRow, int rows, int width, int accumulate)
    {
        var column = Group.IdxX & 7;
        Write(sums.Column0, x, offset, stride, firstRow, rows, column, width, accumulate);
        Write(sums.Column1, x, offset, stride, firstRow, rows, column + 8, width, accumulate);
        Write(sums.Column2, x, offset, stride, firstRow, rows, column + 16, width, accumulate);
        Write(sums.Column3, x, offset, stride, firstRow, rows, column + 24, width, accumulate);
        Write(sums.Column4, x, offset, stride, firstRow, rows, column + 32, width, accumulate);
        Write(sums.Column5, x, offset, stride, firstRow, rows, column + 40, width, accumulate);
        Write(sums.Column6, x, offset, stride, firstRow, rows, column + 48, width, accumulate);
        Write(sums.Column7, x, offset, stride, firstRow, rows, column + 56, width, accumulate);
    }

    private static Quad Add(Quad sums, Quad row0, Quad row1, Quad row2, Quad row3, Quad column) =>
        new(Dot(sums.X, row0, column), Dot(sums.Y, row1, column), Dot(sums.Z, row2, column), Dot(sums.W, row3, column));

    private static float Dot(float sum, Quad a, Quad b)
    {
        sum += a.X * b.X;
        sum += a.Y * b.Y;
        sum += a.Z * b.Z;
        sum += a.W * b.W;
        return sum;
    }

    private static void Write(Quad sums, ArrayView<float> x, int offset, int stride, int firstRow, int rows, int column, int width, int accumulate)
    {
        if (column < width)
        {
            var row = firstRow + ((Group.IdxX >> 3) << 2);
            var target = offset + (row * stride) + column;
            Write(sums.X, x, target, row < rows, accumulate);
            Write(sums.Y, x, target + stride, row + 1 < rows, accumulate);
            Write(sums.Z, x, target + (2 * stride), row + 2 < rows, accumulate);
            Write(sums.W, x, target + (3 * stride), row + 3 < rows, accumulate);
        }
    }

    private static void Write(float sum, ArrayView<float> x, int target, bool isThere, int accumulate)
    {
        if (isThere)
        {
            x[target] = accumulate != 0 ? x[target] + sum : sum;
        }
    }
}
