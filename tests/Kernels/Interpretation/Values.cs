namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Values that find faults: the edges of each type, and a fixed sequence of others.</summary>
internal static class Values
{
    private static readonly ulong[] Edges =
    [
        0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff,
        0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe, 0xfffffffffffffff9, 0xffffffff80000000,
    ];

    private static readonly double[] FloatEdges =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.4999, 1e-3, -1e3, 127.5, 128, -129, 255.5, 256, 32767.5, 32768, 65504, 65520, 1e6, 16777217, 2147483520,
            2147483648,
        -2147483648, -2147483904, 4294967040, 4294967296, 9.3e18, -9.3e18, 1.9e19, 1e-38, 1e-40, -1e-45, 3.4e38, -3.4e38, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity,
    ];

    public static T[] Integers<T>(int others = 8)
        where T : struct, System.Numerics.IBinaryInteger<T> => [.. Edges.Concat(Sequence(others)).Select(T.CreateTruncating).Distinct()];

    public static float[] Floats(int others = 8) => [.. FloatEdges.Select(x => (float)x)
        .Concat(Sequence(others).Select(b => BitConverter.UInt32BitsToSingle((uint)b)))];

    public static double[] Doubles(int others = 8) => [.. FloatEdges.Concat(Sequence(others).Select(BitConverter.UInt64BitsToDouble))];

    /// <summary>Numbers between -1 and 1 that differ from seed to seed.</summary>
    public static float[] Small(int count, int seed) => [.. Sequence(count, (ulong)seed).Select(b => ((int)(b >> 40) / (float)(1 << 23)) - 1)];

    /// <summary>All pairs, as two arrays.</summary>
    public static (T[] Left, T[] Right) Pairs<T>(T[] values) =>
        ([.. values.SelectMany(_ => values)], [.. values.SelectMany(v => values.Select(_ => v))]);

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static IEnumerable<ulong> Sequence(int count, ulong seed = 1)
    {
        for (var i = 0; i < count; i++)
        {
            var z = (seed << 32) + ((ulong)(i + 1) * 0x9e3779b97f4a7c15);
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            yield return z ^ (z >> 31);
        }
    }
}
