using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>Turns the pairs of each head by angles that grow with the row's place.</summary>
/// <param name="places">[T], each row's place in its sequence.</param>
/// <param name="table">[place, d]: cosine and sine of each pair, side by side.</param>
/// <param name="width">d.</param>
internal readonly unsafe struct RotationKernel(float* x, int strideX, int* places, float* table, int width, float* y, int strideY) : IRowKernel
{
    /// <summary>Cosines and sines of all places, by float64.</summary>
    public static void FillTable(float* table, int rows, int width, float theta, bool inverse)
    {
        for (var pair = 0; pair < width; pair += 2)
        {
            var frequency = Math.Pow(theta, -(double)pair / width);
            for (var row = 0; row < rows; row++)
            {
                var (sine, cosine) = Math.SinCos(row * frequency);
                table[(row * (nint)width) + pair] = (float)cosine;
                table[(row * (nint)width) + pair + 1] = (float)(inverse ? -sine : sine);
            }
        }
    }

    public static void FillPlaces(JaggedLayout layout, int* places)
    {
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var first = layout.Offsets[sequence];
            for (var row = first; row < layout.Offsets[sequence + 1]; row++)
            {
                places[row] = row - first;
            }
        }

        for (var row = 0; row < layout.TrailingRows; row++)
        {
            places[layout.Offsets[^1] + row] = row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int columns)
    {
        Simd.Prefetch.StridedRow(x, row, columns, strideX);
        Simd.Prefetch.StridedRow(y, row, columns, strideY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var angles = table + (places[row] * (nint)width);
        var source = x + ((long)row * strideX);
        var result = y + ((long)row * strideY);
        for (var column = 0; column < columns; column += width)
        {
            for (var pair = 0; pair < width; pair += 2)
            {
                var (even, odd) = (source[column + pair], source[column + pair + 1]);
                var (cosine, sine) = (angles[pair], angles[pair + 1]);
                result[column + pair] = (even * cosine) - (odd * sine);
                result[column + pair + 1] = (even * sine) + (odd * cosine);
            }
        }
    }
}
