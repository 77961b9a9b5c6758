namespace LargeRec.Engine.Tests.Cpu;

/// <summary>
/// The rule of FlashAttention's tests: a kernel may be wrong by at most twice what a plain float32 implementation is, both measured against float64, and a
/// few units in the last place of the largest value, for the case that the plain one is exact by luck.
/// </summary>
internal static class FlashTolerance
{
    private const double Unit = 6e-8;

    public static double Of(double[] reference, float[] plain)
    {
        double worst = 0, largest = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(plain[i] - reference[i]));
            largest = Math.Max(largest, Math.Abs(reference[i]));
        }

        return (2 * worst) + (4 * Unit * largest);
    }
}
