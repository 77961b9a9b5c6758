using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Benchmarks;

/// <summary>Measures variants of kernels on a device.</summary>
/// <param name="device">Nothing else may use it meanwhile.</param>
/// <param name="ceilings">What the device does at most, measured before.</param>
public sealed class KernelBench(GpuDevice device, DeviceCeilings ceilings)
{
    private const ulong Seed = 1;

    /// <summary>HSTU's normaliser beyond the longest sequence.</summary>
    private const int Beyond = 11;

    private const int SecondsBetweenEvents = 3600;

    /// <summary>Shapes that stand for those of training: ML-1M's step (128 sequences of 200, D 50), and smaller and wider ones.</summary>
    public static IReadOnlyList<KernelShape> ShapesOf(KernelFamily family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family.Name == KernelFamilies.Product.Name
            ? [new(25600, 200, 50), new(25600, 50, 200), new(50, 200, 25600), new(1024, 1024, 1024)]
            : [new(5500, 1, 50, 50, 200), new(25600, 1, 50, 50, 200), new(4096, 8, 32, 32, 200), new(4096, 4, 64, 64, 1024)];
    }

    /// <summary>What a variant takes for a shape; one that does not take it, or not this device, is skipped and says why.</summary>
    public KernelMeasurement Measure(KernelFamily family, KernelVariant variant, KernelShape shape, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(variant);
        var result = new KernelMeasurement
        {
            Family = family.Name,
            Variant = variant.Name,
            Shape = family.Dimensions.Select((d, i) => (d, shape[i])).ToDictionary(p => p.d, p => p.Item2),
        };
        var selection = new KernelSelection([$"{family}={variant}"]);
        var before = device.Selection;
        var launched = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            device.Select(selection);
            _ = device.VariantOf(family, shape);
            using var step = device.BeginStep();
            var launch = LaunchOf(family, shape);
            device.Launched = launched;
            var seconds = LaunchTimer.Median(device, launch, cancellation);
            var work = family.WorkOf(shape);
            return result with
            {
                Milliseconds = seconds * 1e3,
                Gigaflops = work.Operations / seconds / 1e9,
                Gigabytes = work.Bytes / seconds / 1e9,
                ShareOfCeiling = ceilings.SecondsOf(work) / seconds,
                Bound = work.Operations / ceilings.OperationsPerSecond >= work.Bytes / ceilings.BytesPerSecond ? "operations" : "bytes",
                Kernels = [.. launched.Order(StringComparer.Ordinal)],
            };
        }
        catch (NotSupportedException exception)
        {
            return result with { Skipped = exception.Message };
        }
        finally
        {
            device.Launched = null;
            device.Select(before);
        }
    }

    internal Action LaunchOf(KernelFamily family, KernelShape shape) =>
        family.Name == KernelFamilies.Product.Name ? Product(shape)
        : family.Name == KernelFamilies.HstuAttention.Name ? HstuAttention(shape)
        : throw new NotSupportedException($"kernels of {family} cannot be measured alone");

    private Action Product(KernelShape shape)
    {
        var (m, n, k) = (shape.First, shape.Second, shape.Third);
        var (a, b, c) = (Drawn("a", m, k), Drawn("b", k, n), device.Allocate(Shape.Matrix(m, n)));
        return () => device.Products.Multiply(a, false, b, false, c);
    }

    /// <summary>Forward and backward with both biases, sequences of the full length but for the last, an event an hour.</summary>
    private Action HstuAttention(KernelShape shape)
    {
        var (tokens, heads, dqk, dv, length) = (shape.First, shape.Second, shape.Third, shape.Fourth, Math.Min(shape.Fifth, shape.First));
        var offsets = Enumerable.Range(0, ((tokens + length - 1) / length) + 1).Select(b => Math.Min(tokens, b * length)).ToArray();
        var seconds = Enumerable.Range(0, tokens).Select(t => t % length * SecondsBetweenEvents).ToArray();
        var layout = new JaggedLayout(offsets, seconds, [.. seconds.Select(s => s + SecondsBetweenEvents)]);
        var normalizer = length + Beyond;
        var inputs = new HstuAttentionInputs(
            Drawn("q", tokens, heads * dqk), Drawn("k", tokens, heads * dqk), Drawn("v", tokens, heads * dv), heads, normalizer,
            Drawn("position", 1, (2 * normalizer) - 1), Drawn("time", 1, TimeBuckets.Count));
        var (output, dOutput) = (device.Allocate(Shape.Matrix(tokens, heads * dv)), Drawn("do", tokens, heads * dv));
        var gradients = new HstuAttentionGradients(
            Like(inputs.Queries), Like(inputs.Keys), Like(inputs.Values), Like(inputs.PositionBias!), Like(inputs.TimeBias!));
        return () =>
        {
            device.Attention.Hstu(inputs, layout, output);
            device.Attention.HstuBackward(inputs, layout, dOutput, gradients);
        };
    }

    private GradientTarget Like(Tensor tensor) => new(device.Allocate(tensor.Shape), false);

    private Tensor Drawn(string name, int rows, int columns)
    {
        var stream = new PhiloxStream(Seed, name);
        var values = new float[rows * columns];
        foreach (ref var value in values.AsSpan())
        {
            value = stream.NextSingle() - 0.5f;
        }

        return device.Upload(values, Shape.Matrix(rows, columns));
    }
}
