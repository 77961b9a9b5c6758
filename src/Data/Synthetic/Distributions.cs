namespace LargeRec.Data.Synthetic;

/// <summary>Distributions on top of a stream of bits.</summary>
internal static class Distributions
{
    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public static double NextUnit(this IRandomStream random)
    {
        var high = random.NextUInt32() >> 5;
        var low = random.NextUInt32() >> 6;
        return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
    }

    /// <summary>Uniform in 0 .. below - 1. The bias is below 2^-32 x below, far under what data of this size could show.</summary>
    public static int NextBelow(this IRandomStream random, int below) => (int)(((ulong)random.NextUInt32() * (uint)below) >> 32);

    /// <summary>True with this probability.</summary>
    public static bool NextBool(this IRandomStream random, double probability) => random.NextUInt32() * (1.0 / 4294967296.0) < probability;

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public static double NextNormal(this IRandomStream random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextUnit())) * Math.Cos(2 * Math.PI * random.NextUnit());

    /// <summary>Log-normal with this median; <paramref name="spread"/> is the standard deviation of its logarithm.</summary>
    public static double NextLogNormal(this IRandomStream random, double median, double spread) => median * Math.Exp(spread * random.NextNormal());

    /// <summary>Exponential with this mean.</summary>
    public static double NextExponential(this IRandomStream random, double mean) => -mean * Math.Log(1 - random.NextUnit());
}
