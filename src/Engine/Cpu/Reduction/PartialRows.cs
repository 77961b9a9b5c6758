using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>Sums over rows that every chunk has in a row of its own.</summary>
internal static unsafe class PartialRows
{
    /// <summary>From a chunk's row to the next: whole registers.</summary>
    public static int Stride(int columns) => (columns + 15) / 16 * 16;

    /// <summary>target (+)= the chunks' rows, added in the order of the chunks. The first row is overwritten.</summary>
    public static void Add(float* partials, nint stride, int chunks, GradientTarget target)
    {
        var columns = target.Tensor!.Columns;
        var sum = CpuDevice.Pointer(target.Tensor);
        if (!target.Accumulate)
        {
            new Span<float>(sum, columns).Clear();
        }

        if (chunks == 0)
        {
            return;
        }

        for (var chunk = 1; chunk < chunks; chunk++)
        {
            var partial = partials + (chunk * stride);
            for (var c = 0; c < columns; c++)
            {
                partials[c] += partial[c];
            }
        }

        for (var c = 0; c < columns; c++)
        {
            sum[c] += partials[c];
        }
    }
}
