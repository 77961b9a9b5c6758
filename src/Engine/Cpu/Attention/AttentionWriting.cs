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
}
