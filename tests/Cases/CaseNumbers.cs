using LargeRec.Engine.Randomness;

namespace LargeRec.Cases;

/// <summary>Random numbers that are the same in every run: a stream a name.</summary>
public static class CaseNumbers
{
    private const ulong Seed = 20241;

    /// <summary>Values of N(mean, deviation).</summary>
    public static float[] Normal(string name, int count, double deviation = 1, double mean = 0)
    {
        var stream = new PhiloxStream(Seed, name);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(mean + (stream.NextNormal() * deviation));
        }

        return values;
    }

    /// <summary>Integers of [first, end).</summary>
    public static int[] Integers(string name, int count, int first, int end)
    {
        var stream = new PhiloxStream(Seed, name);
        var values = new int[count];
        foreach (ref var value in values.AsSpan())
        {
            value = first + stream.NextBelow(end - first);
        }

        return values;
    }
}
