namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Compares values of two devices.</summary>
internal static class Agreement
{
    /// <summary>The same bits; any NaN equals any other.</summary>
    public static void SameBits(float[] actual, float[] expected, string what = "values")
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (var i = 0; i < actual.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i])
                && !(float.IsNaN(actual[i]) && float.IsNaN(expected[i])))
            {
                Assert.Fail($"{what}: value {i} is {actual[i]:G9}, expected the bits of {expected[i]:G9}");
            }
        }
    }

    /// <summary>NaN where NaN is expected, infinities where they are, else within a part of the expected value or of the given size.</summary>
    public static void Close(float[] actual, float[] expected, double relative, double absolute, Func<int, string>? describe = null)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        var failures = new List<string>();
        for (var i = 0; i < actual.Length; i++)
        {
            var allowed = (relative * Math.Abs((double)expected[i])) + absolute;
            var isClose = float.IsFinite(expected[i]) ? Math.Abs((double)actual[i] - expected[i]) <= allowed : actual[i].Equals(expected[i]);
            if (!isClose)
            {
                failures.Add($"{describe?.Invoke(i) ?? $"value {i}"}: {actual[i]:G9}, expected {expected[i]:G9} within {allowed:G3}");
            }
        }

        Assert.That(failures, Is.Empty);
    }
}
