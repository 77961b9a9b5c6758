namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>Which sequence a row belongs to.</summary>
internal static class SequenceRows
{
    /// <summary>The sequence that owns a row, found by bisection; empty ones own none.</summary>
    /// <param name="offsets">[B+1], as of a layout.</param>
    /// <param name="row">Below the last offset.</param>
    public static int SequenceOf(ReadOnlySpan<int> offsets, int row)
    {
        var (low, high) = (0, offsets.Length - 2);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = offsets[middle] <= row ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
