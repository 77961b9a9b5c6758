using System.Globalization;
using System.Text;

namespace LargeRec.Autograd;

/// <summary>What a gradient check found.</summary>
/// <param name="Compared">Values compared.</param>
/// <param name="WorstRatio">The largest error as a fraction of its tolerance.</param>
/// <param name="Mismatches">Where the tolerance is exceeded.</param>
public sealed record GradientReport(int Compared, double WorstRatio, IReadOnlyList<GradientMismatch> Mismatches)
{
    private const int ShownMismatches = 10;

    public bool Passed => Mismatches.Count == 0;

    /// <summary>A line a mismatch, the first ten.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Compared} gradients compared, {Mismatches.Count} wrong; the largest error is {WorstRatio:G3} "
            + $"of its tolerance");
        foreach (var mismatch in Mismatches.Take(ShownMismatches))
        {
            text.AppendLine().Append("  ").Append(mismatch);
        }

        return text.ToString();
    }
}
