using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>From scratch memory to slices of tensors: written or added, not a value beside them touched.</summary>
internal static unsafe class AttentionWriting
{
    /// <summary>target[r, d] (+)= source[r, d].</summary>
    /// <param name="source">Rows of whole vectors.</param>
    public static void Rows<TVector>(float* source, nint sourceStride, int rows, int columns, float* target, nint stride, bool accumulate)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var whole = columns / TVector.Width * TVector.Width;
        var mask = TVector.Mask(columns - whole);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < whole; column += TVector.Width)
            {
                var value = TVector.Load(source + column);
                TVector.Store(accumulate ? TVector.Load(target + column) + value : value, target + column);
            }

            if (whole < columns)
            {
                var value = TVector.Load(source + whole);
                TVector.StoreMasked(accumulate ? TVector.LoadMasked(target + whole, mask) + value : value, target + whole, mask);
            }

            source += sourceStride;
            target += stride;
        }
    }

    /// <summary>target[r, d] (+)= source[d, r], with 64 columns in the source, of which <paramref name="rows"/> count.</summary>
    public static void Transposed(float* source, int rows, int columns, float* target, nint stride, bool accumulate)
    {
        const int Width = AttentionTile.Size;
        for (var row = 0; row < rows; row++, target += stride)
        {
            var column = 0;
            if (Sse.IsSupported && row + 4 <= rows)
            {
                for (; column + 4 <= columns; column += 4)
                {
                    var from = source + (column * Width) + row;
                    var (a, b, c, d) = Transpose(
                        Vector128.Load(from), Vector128.Load(from + Width), Vector128.Load(from + (2 * Width)), Vector128.Load(from + (3 * Width)));
                    Put(a, target + column, accumulate);
                    Put(b, target + stride + column, accumulate);
                    Put(c, target + (2 * stride) + column, accumulate);
                    Put(d, target + (3 * stride) + column, accumulate);
                }

                Columns(source, row, row + 4, column, columns, target, stride, accumulate);
                row += 3;
                target += 3 * stride;
                continue;
            }

            Columns(source, row, row + 1, 0, columns, target, stride, accumulate);
        }
    }

    private static void Columns(float* source, int row, int end, int column, int columns, float* target, nint stride, bool accumulate)
    {
        for (; row < end; row++, target += stride)
        {
            for (var c = column; c < columns; c++)
            {
                var value = source[(c * AttentionTile.Size) + row];
                target[c] = accumulate ? target[c] + value : value;
            }
        }
    }

    private static void Put(Vector128<float> value, float* target, bool accumulate) => (accumulate ? Vector128.Load(target) + value : value).Store(target);

    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Transpose(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var abLow = Sse.UnpackLow(a, b);
        var cdLow = Sse.UnpackLow(c, d);
        var abHigh = Sse.UnpackHigh(a, b);
        var cdHigh = Sse.UnpackHigh(c, d);
        return (Sse.MoveLowToHigh(abLow, cdLow), Sse.MoveHighToLow(cdLow, abLow), Sse.MoveLowToHigh(abHigh, cdHigh), Sse.MoveHighToLow(cdHigh, abHigh));
    }
}
