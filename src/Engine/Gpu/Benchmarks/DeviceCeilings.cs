using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Benchmarks;

/// <summary>What a device does at most, measured by kernels of ours: float32 sums of products, and bytes read and written by a copy.</summary>
/// <param name="OperationsPerSecond">A product and a sum are two.</param>
/// <param name="BytesPerSecond">Of a copy, both directions counted.</param>
public sealed record DeviceCeilings(double OperationsPerSecond, double BytesPerSecond)
{
    private const int Rows = 1 << 13;
    private const int Columns = 1 << 12;
    private const int Groups = 2048;
    private const int Chains = 32;

    /// <summary>Measures both; takes about a second and 256 MiB of the device's memory for its time.</summary>
    public static DeviceCeilings Measure(GpuDevice device, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var step = device.BeginStep();
        var (from, to) = (device.Allocate(Shape.Matrix(Rows, Columns)), device.Allocate(Shape.Matrix(Rows, Columns)));
        device.Pointwise.Fill(from, 1f);
        var copy = LaunchTimer.Median(device, () => LaunchCopy(device, from, to), cancellation);
        var sums = device.Allocate(Shape.Matrix(Groups * GroupSizes.Elements, 4));

        // Rounds enough that a launch takes milliseconds.
        var rounds = 16;
        double seconds;
        do
        {
            rounds *= 4;
            var now = rounds;
            seconds = LaunchTimer.Median(device, () => LaunchMultiplyAdd(device, sums, Groups, now), cancellation);
        }
        while (seconds < 4e-3);

        var operations = 2.0 * Chains * rounds * Groups * GroupSizes.Elements;
        return new DeviceCeilings(operations / seconds, 2.0 * sizeof(float) * from.Shape.Count / copy);
    }

    /// <summary>The least time that work can take here.</summary>
    public double SecondsOf(KernelWork work) => Math.Max(work.Operations / OperationsPerSecond, work.Bytes / BytesPerSecond);

    internal static void LaunchCopy(GpuDevice device, Tensor from, Tensor to) =>
        device.Kernel("ceiling.copy.plain").Array(from).Array(to).Int32((int)(from.Shape.Count / 4)).Elements(from.Shape.Count / 4);

    internal static void LaunchMultiplyAdd(GpuDevice device, Tensor sums, int groups, int rounds) =>
        device.Kernel("ceiling.multiply-add.plain").Array(sums).Int32(rounds).Single(0.5f).Single(0.25f).Groups(groups);
}
