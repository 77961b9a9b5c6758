using System.Runtime.InteropServices;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>Comparison of whole arrays, far faster than one assertion a value.</summary>
internal static class Bits
{
    /// <summary>Fails at the first value whose bits differ.</summary>
    public static void AssertEqual(float[] actual, float[] expected, string message)
    {
        if (!MemoryMarshal.Cast<float, int>(actual).SequenceEqual(MemoryMarshal.Cast<float, int>(expected)))
        {
            var places = Math.Min(actual.Length, expected.Length);
            var at = Enumerable.Range(0, places).FirstOrDefault(i => BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]),
                places);
            Assert.Fail($"{message}: {actual.Length} values, {expected.Length} expected;"
                + $" at {at} stands {actual.ElementAtOrDefault(at):R}, expected {expected.ElementAtOrDefault(at):R}");
        }
    }

    /// <summary>Fails at the value that is furthest outside of its tolerance.</summary>
    /// <param name="tolerance">Of each place, absolute.</param>
    public static void AssertWithin(float[] actual, double[] expected, Func<int, double> tolerance, string message)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), message);
        for (var i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance(i)))
            {
                Assert.Fail($"{message}: at {i} stands {actual[i]:R}, expected {expected[i]:R} within {tolerance(i):G3}"
                    + $"; the difference is {actual[i] - expected[i]:G3}");
            }
        }
    }
}
