using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>sum_i = a's row + b's row, at the places that are named; a place of −1 is a row of zeros.</summary>
internal readonly unsafe struct MergeRowsKernel(float* a, int* placesA, float* b, int* placesB, float* sum, int stride) : IRowKernel
{
    public void Prefetch(int row, int columns)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (placeA, placeB) = (placesA[row], placesB[row]);
        var target = sum + ((long)row * stride);
        if (placeA < 0 || placeB < 0)
        {
            var only = placeA < 0 ? b + ((long)placeB * stride) : a + ((long)placeA * stride);
            new ReadOnlySpan<float>(only, columns).CopyTo(new Span<float>(target, columns));
            return;
        }

        var left = a + ((long)placeA * stride);
        var right = b + ((long)placeB * stride);
        for (var c = 0; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            TVector.StoreMasked(TVector.LoadMasked(left + c, mask) + TVector.LoadMasked(right + c, mask), target + c, mask);
        }
    }
}
