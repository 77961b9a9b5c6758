using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Pointwise;

public sealed class DropoutTests
{
    [Test]
    public void Draws_the_documented_mask(
        [Values(0, 1, 3, 401)] int rows, [Values(0, 1, 17, 50, 64, 65, 200)] int columns, [Values] bool strided, [Values(0f, 0.2f, 0.9f)] float rate)
    {
        var site = new DropoutSite(rate, 0xfedcba9876543210, 9, 0xdeadbeef);
        var values = TestMatrix.Normal("x", rows * columns);

        // A scaled value is rounded once; a dropped one is +0.
        float[] expected = [.. values.Zip(DropoutReference.Keep(site, rows, columns), (v, k) => k == 0 ? 0 : v * k)];
        foreach (var width in CpuConfigurations.Widths)
        {
            foreach (var threads in CpuConfigurations.ThreadsFor(rows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var x = new TestMatrix(device, rows, columns, strided, values);
                var y = new TestMatrix(device, rows, columns, !strided);
                device.Pointwise.Dropout(x.Tensor, site, y.Tensor);
                device.Pointwise.Dropout(x.Tensor, site, x.Tensor);
                Bits.AssertEqual(y.Values(), expected, device.Name);
                Bits.AssertEqual(x.Values(), expected, device.Name);
            }
        }
    }

    [Test]
    public void Keeps_its_share_and_its_mean_and_draws_anew_each_forward()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        const int Count = 1_000_000;
        var x = device.Allocate(Shape.Matrix(Count / 50, 50));
        var (y, again) = (device.Allocate(x.Shape), device.Allocate(x.Shape));
        device.Pointwise.Fill(x, 1);
        device.Pointwise.Dropout(x, new(0.2f, 1, 0, 3), y);
        device.Pointwise.Dropout(x, new(0.2f, 1, 1, 3), again);
        var (a, b) = (y.ToArray(), again.ToArray());

        // Six standard deviations of a binomial share: sqrt(0.2·0.8/n) = 0.0004, and sqrt(0.32·0.68/n) for two masks that differ.
        Assert.That(a.Count(v => v == 0) / (double)Count, Is.EqualTo(0.2).Within(0.0024));
        Assert.That(a.Zip(b).Count(p => p.First != p.Second) / (double)Count, Is.EqualTo(0.32).Within(0.0028));
    }

    [Test]
    public void A_dropped_nan_is_gone()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var x = device.Allocate(Shape.Vector(64));
        device.Pointwise.Fill(x, float.NaN);
        device.Pointwise.Dropout(x, new(0.5f, 1, 0, 3), x);
        Assert.That(x.ToArray(), Has.Some.EqualTo(0f).And.Some.NaN);
    }

    [TestCase(1f)]
    [TestCase(-0.1f)]
    [TestCase(float.NaN)]
    public void A_rate_outside_of_its_range_is_refused(float rate)
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var x = device.Allocate(Shape.Vector(4));
        Assert.That(() => device.Pointwise.Dropout(x, new(rate, 1, 0, 3), x), Throws.ArgumentException.With.Message.Contains("below 1"));
    }
}
