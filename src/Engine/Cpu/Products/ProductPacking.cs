using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// Copies pieces of an operand into the order in which a tile reads them: for each step of depth, the panel's rows (left operand) or its
/// columns, filled up with zeros to whole vectors (right operand).
/// </summary>
internal static unsafe class ProductPacking
{
    /// <summary>packed[k·width + j] = right[k·stride + j] for j &lt; columns, 0 up to the width, which is whole vectors.</summary>
    public static void PackRight<TVector>(float* right, nint stride, int depth, int columns, int width, float* packed)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var whole = columns / TVector.Width * TVector.Width;
        var mask = TVector.Mask(columns - whole);
        for (var k = 0; k < depth; k++)
        {
            for (var j = 0; j < whole; j += TVector.Width)
            {
                TVector.Store(TVector.Load(right + j), packed + j);
            }

            if (whole < columns)
            {
                TVector.Store(TVector.LoadMasked(right + whole, mask), packed + whole);
            }

            right += stride;
            packed += width;
        }
    }

    /// <summary>packed[k·width + j] = right[j·stride + k] for j &lt; columns, 0 up to the width.</summary>
    public static void PackRightTransposed(float* right, nint stride, int depth, int columns, int width, float* packed)
    {
        var j = 0;
        for (; j + 4 <= columns; j += 4)
        {
            Transpose4(right + (j * stride), stride, depth, packed + j, width);
        }

        for (; j < width; j++)
        {
            var row = right + (j * stride);
            for (var k = 0; k < depth; k++)
            {
                packed[(k * width) + j] = j < columns ? row[k] : 0f;
            }
        }
    }

    /// <summary>packed[k·rows + i] = left[i·stride + k].</summary>
    public static void PackLeft(float* left, nint stride, int depth, int rows, float* packed)
    {
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            Transpose4(left + (i * stride), stride, depth, packed + i, rows);
        }

        for (; i < rows; i++)
        {
            var row = left + (i * stride);
            for (var k = 0; k < depth; k++)
            {
                packed[(k * rows) + i] = row[k];
            }
        }
    }

    /// <summary>packed[k·rows + i] = left[k·stride + i].</summary>
    public static void PackLeftTransposed(float* left, nint stride, int depth, int rows, float* packed)
    {
        if (rows == ProductTile.Rows)
        {
            for (var k = 0; k < depth; k++)
            {
                Vector128.Load(left).Store(packed);
                Unsafe.WriteUnaligned(packed + 4, Unsafe.ReadUnaligned<double>(left + 4));
                left += stride;
                packed += ProductTile.Rows;
            }

            return;
        }

        for (var k = 0; k < depth; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                packed[i] = left[i];
            }

            left += stride;
            packed += rows;
        }
    }

    /// <summary>packed[k·width + i] = rows[i·stride + k] for four rows.</summary>
    private static void Transpose4(float* rows, nint stride, int depth, float* packed, nint width)
    {
        var k = 0;
        if (Sse.IsSupported)
        {
            for (; k + 4 <= depth; k += 4)
            {
                var a = Vector128.Load(rows + k);
                var b = Vector128.Load(rows + stride + k);
                var c = Vector128.Load(rows + (2 * stride) + k);
                var d = Vector128.Load(rows + (3 * stride) + k);
                var abLow = Sse.UnpackLow(a, b);
                var cdLow = Sse.UnpackLow(c, d);
                var abHigh = Sse.UnpackHigh(a, b);
                var cdHigh = Sse.UnpackHigh(c, d);
                Sse.MoveLowToHigh(abLow, cdLow).Store(packed);
                Sse.MoveHighToLow(cdLow, abLow).Store(packed + width);
                Sse.MoveLowToHigh(abHigh, cdHigh).Store(packed + (2 * width));
                Sse.MoveHighToLow(cdHigh, abHigh).Store(packed + (3 * width));
                packed += 4 * width;
            }
        }

        for (; k < depth; k++)
        {
            packed[0] = rows[k];
            packed[1] = rows[stride + k];
            packed[2] = rows[(2 * stride) + k];
            packed[3] = rows[(3 * stride) + k];
            packed += width;
        }
    }
}
