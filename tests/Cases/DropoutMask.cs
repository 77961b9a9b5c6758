using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;

namespace LargeRec.Cases;

/// <summary>The mask of a <see cref="DropoutSite"/>, drawn one value at a time as its documentation says.</summary>
public static class DropoutMask
{
    /// <summary>What a value is multiplied by: 0, or 1/(1 − rate).</summary>
    /// <param name="columns">Columns of the matrix that is masked.</param>
    public static double Factor(DropoutSite site, int row, int column, int columns)
    {
        if (!site.IsActive)
        {
            return 1;
        }

        var (group, word, lane) = (column / 64, column % 64 / 16, column % 16);
        var groups = (columns + 63) / 64;
        var counter = ((ulong)row * (ulong)groups * 16) + ((ulong)group * 16) + (ulong)lane;
        var block = Philox.Block(site.Seed, counter, site.ForwardCount, site.Site);
        var drawn = word switch
        {
            0 => block.X,
            1 => block.Y,
            2 => block.Z,
            _ => block.W,
        };
        return drawn >= (uint)(site.Rate * 4294967296.0) ? 1.0 / (1.0 - site.Rate) : 0;
    }
}
