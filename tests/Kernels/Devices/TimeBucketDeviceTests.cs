using LargeRec.Engine;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>The buckets of the time bias at their boundaries, by each variant of attention.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class TimeBucketDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    public static IEnumerable<string> Variants => KernelFamilies.HstuAttention.Variants.Select(v => $"{KernelFamilies.HstuAttention}={v}");

    /// <summary>Sequences of one row, which sees itself: its output is SiLU of the bias of the bucket of next − event.</summary>
    [TestCaseSource(nameof(Variants))]
    public void Each_difference_beside_a_boundary_falls_in_its_bucket(string variant)
    {
        const float BiasOfBucket = 0.25f;
        long[] around = [-1, 0, 1];
        int[] differences = [.. TimeBuckets.Thresholds.ToArray().SelectMany(t => around.Select(d => t + d)).Where(t => t is >= 0 and <= int.MaxValue)
            .Append(int.MaxValue).Select(t => (int)t).Distinct()];
        var rows = differences.Length;
        var outputs = VariantCase.With(Gpu, [variant], () => InStep(Gpu, Outputs));
        var found = Array.ConvertAll(outputs, o => (int)MathF.Round(BiasOf(o) / BiasOfBucket));
        Assert.That(found, Is.EqualTo(Array.ConvertAll(differences, d => TimeBuckets.Of(d))));

        float[] Outputs(Device device)
        {
            var nothing = device.Upload(new float[rows], Shape.Matrix(rows, 1));
            var ones = device.Upload([.. Enumerable.Repeat(1f, rows)], Shape.Matrix(rows, 1));
            var bias = device.Upload([.. Enumerable.Range(0, TimeBuckets.Count).Select(b => b * BiasOfBucket)], Shape.Vector(TimeBuckets.Count));
            var output = device.Allocate(Shape.Matrix(rows, 1));
            var layout = new JaggedLayout([.. Enumerable.Range(0, rows + 1)], new int[rows], differences);
            device.Attention.Hstu(new HstuAttentionInputs(nothing, nothing, ones, 1, 1, null, bias), layout, output);
            return output.ToArray();
        }
    }

    /// <summary>SiLU rises for scores of 0 and more: bisection inverts it.</summary>
    private static float BiasOf(float silu)
    {
        var (low, high) = (0.0, 64.0);
        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = middle / (1 + Math.Exp(-middle)) < silu ? (middle, high) : (low, middle);
        }

        return (float)low;
    }
}
