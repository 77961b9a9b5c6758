using LargeRec.Engine.Randomness;

namespace LargeRec.Kernels.Maths;

/// <summary>Random words laid out for vectors of 64 columns, as the engine's contract says, drawn by a thread for one element.</summary>
internal static class Words
{
    /// <summary>The word of (row, column): word w of the Philox block of element row·ceil(columns/64)·16 + g·16 + l.</summary>
    public static uint Of(int row, int column, int columns, uint seedLow, uint seedHigh, uint forwardCount, uint site)
    {
        var blocksPerRow = (uint)((columns + 63) >> 6) << 4;
        var block = ((uint)(column >> 6) << 4) + (uint)(column & 15);
        var counter = ((ulong)(uint)row * blocksPerRow) + block;
        var (x, y, z, w) = Philox.Block(((ulong)seedHigh << 32) | seedLow, counter, forwardCount, site);
        var word = (column & 63) >> 4;
        return word == 0 ? x : word == 1 ? y : word == 2 ? z : w;
    }
}
