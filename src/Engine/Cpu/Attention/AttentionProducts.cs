using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>The three forms of product in attention, each over one tile of scores.</summary>
internal static unsafe class AttentionProducts
{
    /// <summary>
    /// tile[r, c] = initial[r, c] + Σ_d left[r, d]·panel[d, c]: the scores of queries and keys, or the weights' gradients of outputs' gradients and values.
    /// </summary>
    /// <param name="left">[rows, depth] in place.</param>
    /// <param name="panel">[depth, 64]: the keys' rows, transposed.</param>
    /// <param name="initial">A tile, or null for 0.</param>
    /// <param name="tile">The result. On the diagonal a row gets <see cref="AttentionTile.DiagonalColumns"/> columns, or those of its last row if the tile ends
    /// earlier.</param>
    public static void Scores<TVector>(float* left, nint leftStride, int rows, int depth, float* panel, float* initial, float* tile, bool diagonal,
        ref RowPrefetch prefetch)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var product = new ProductTile
        {
            LeftRow = leftStride,
            LeftStep = 1,
            RightStep = AttentionTile.Size,
            Depth = depth,
            InitialStride = AttentionTile.Size,
            ResultStride = AttentionTile.Size,
        };
        for (var row = 0; row < rows; row += ProductTile.Rows)
        {
            prefetch.Step();
            var group = Math.Min(ProductTile.Rows, rows - row);
            product.Left = left + (row * leftStride);
            var place = row * AttentionTile.Size;
            var columns = diagonal ? AttentionTile.DiagonalColumns(row) : AttentionTile.Size;
            Columns<TVector>(ref product, group, columns, panel, initial == null ? null : initial + place, tile + place);
        }
    }

    /// <summary>
    /// result[r, d] (+)= Σ_c tile[r, c]·right[c, d]: outputs from weights and values, or queries' gradients from scores' gradients and keys.
    /// </summary>
    /// <param name="right">[64, columns], its rows filled up with zeros to whole pieces.</param>
    /// <param name="columns">Columns that count; what a row has behind them is undefined afterwards.</param>
    /// <param name="width">Row stride of right and result, whole pieces.</param>
    /// <param name="add">Whether the result holds a sum already.</param>
    public static void Combine<TVector>(
        float* tile, int rows, float* right, int columns, int width, float* result, bool add, bool diagonal, ref RowPrefetch prefetch)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var product = new ProductTile
        {
            LeftRow = AttentionTile.Size,
            LeftStep = 1,
            RightStep = width,
            InitialStride = width,
            ResultStride = width,
        };
        for (var row = 0; row < rows; row += ProductTile.Rows)
        {
            prefetch.Step();
            var group = Math.Min(ProductTile.Rows, rows - row);
            product.Left = tile + (row * AttentionTile.Size);
            product.Depth = diagonal ? row + group : AttentionTile.Size;
            var place = result + (row * (nint)width);
            Columns<TVector>(ref product, group, columns, right, add ? place : null, place);
        }
    }

    /// <summary>
    /// sums[d, c] += Σ_r left[r, d]·tile[r, c]: the gradients of values or keys, transposed.
    /// </summary>
    /// <param name="left">[rows, width] in place.</param>
    /// <param name="sums">[width, 64].</param>
    public static void AddTransposed<TVector>(float* left, nint leftStride, int width, float* tile, int rows, float* sums, bool diagonal)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var product = new ProductTile
        {
            LeftRow = 1,
            LeftStep = leftStride,
            RightStep = AttentionTile.Size,
            InitialStride = AttentionTile.Size,
            ResultStride = AttentionTile.Size,
        };

        // On the diagonal rows by the piece, each with the columns that it has: what lies to their right is 0.
        var step = diagonal ? AttentionTile.Piece : AttentionTile.Size;
        for (var start = 0; start < rows; start += step)
        {
            var columns = diagonal ? start + step : AttentionTile.Size;
            product.Depth = Math.Min(step, rows - start);
            for (var row = 0; row < width; row += ProductTile.Rows)
            {
                product.Left = left + (start * leftStride) + row;
                var place = sums + (row * AttentionTile.Size);
                Columns<TVector>(ref product, Math.Min(ProductTile.Rows, width - row), columns, tile + (start * AttentionTile.Size), place, place);
            }
        }
    }

    /// <summary>A group of rows over some columns; the last vector is a half one where that has room for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<TVector>(ref ProductTile product, int rows, int columns, float* right, float* initial, float* result)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var panel = ProductTile.MaximumVectors<TVector>() * TVector.Width;
        for (var column = 0; column < columns; column += panel)
        {
            product.Right = right + column;
            product.Initial = initial == null ? null : initial + column;
            product.Result = result + column;
            var present = Math.Min(panel, columns - column);
            var vectors = (present + TVector.Width - 1) / TVector.Width;
            var halfSuffices = TVector.Width == Float512.Width && present - ((vectors - 1) * TVector.Width) <= Float256.Width;
            product.LastLanes = halfSuffices ? Float256.Width : TVector.Width;
            ProductTile.Run<TVector>(rows, vectors, product);
        }
    }
}
