using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>The mask of <see cref="DropoutSite"/>, value by value from the scalar <see cref="Philox"/>.</summary>
internal static class DropoutReference
{
    /// <summary>0 for a dropped value, 1/(1 − rate) for a kept one.</summary>
    public static float[] Keep(DropoutSite site, int rows, int columns)
    {
        var keep = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                keep[(row * columns) + column] = !site.IsActive ? 1 : Word(site, row, column, columns) >= site.Threshold ? site.Scale : 0;
            }
        }

        return keep;
    }

    private static uint Word(DropoutSite site, int row, int column, int columns)
    {
        var groups = (ulong)((columns + 63) / 64);
        var (g, w, l) = ((ulong)(column / 64), column % 64 / 16, (ulong)(column % 16));
        var block = Philox.Block(site.Seed, ((ulong)row * groups * 16) + (g * 16) + l, site.ForwardCount, site.Site);
        return w switch { 0 => block.X, 1 => block.Y, 2 => block.Z, _ => block.W };
    }
}
