namespace LargeRec.Engine.Tests.Cpu.Losses;

/// <summary>What a device computed: the loss without and with gradients, and these.</summary>
internal sealed record SampledSoftmaxResult(float Forward, float Loss, float[] QueryGradient, float[] ItemGradient)
{
    public void AssertSameBits(SampledSoftmaxResult other)
    {
        Assert.That(BitConverter.SingleToInt32Bits(Loss), Is.EqualTo(BitConverter.SingleToInt32Bits(other.Loss)));
        Assert.That(Bits(QueryGradient).SequenceEqual(Bits(other.QueryGradient)), Is.True, "gradient of queries");
        Assert.That(Bits(ItemGradient).SequenceEqual(Bits(other.ItemGradient)), Is.True, "gradient of items");
    }

    /// <summary>Relative to the largest element: logits of ±20 are rounded to about 2e-6, so their exponentials are to as much.</summary>
    public void AssertCloseTo(SampledSoftmaxReference reference, double relative = 1e-5)
    {
        Assert.That(Forward, Is.EqualTo(reference.Loss).Within(relative * Math.Max(0.1, Math.Abs(reference.Loss))));
        Assert.That(Loss, Is.EqualTo(Forward));
        AssertClose(QueryGradient, reference.QueryGradient, relative, "gradient of queries");
        AssertClose(ItemGradient, reference.ItemGradient, relative, "gradient of items");
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);

    private static void AssertClose(float[] values, double[] expected, double relative, string name)
    {
        var largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (var i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i] - expected[i]) <= relative * largest))
            {
                Assert.Fail($"{name}: element {i} is {values[i]} and must be {expected[i]}; the largest is {largest}");
            }
        }
    }
}
