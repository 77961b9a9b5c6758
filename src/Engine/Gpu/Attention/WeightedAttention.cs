using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>Attention of every weighting, plainly: the launches.</summary>
internal sealed class WeightedAttention(GpuDevice device)
{
    private const int MostBiasGroups = 128;
    private const int RotationBits = 31;

    private readonly Dictionary<(int Width, float Theta), Tensor> _rotations = [];
    private IndexTensor? _thresholds;

    /// <summary>Differences are 32-bit seconds: a bucket beyond them is never reached.</summary>
    private IndexTensor Thresholds => _thresholds ??= HstuAttentionVariant.UploadThresholds(device);

    public void Forward(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
    {
        var kept = logSums ?? (IsSoftmax(inputs) ? device.AllocateScratch(Shape.Matrix(layout.Tokens, inputs.Heads)) : null);
        Launch("attention.weighted-forward.plain", inputs, layout).Matrix(output).MatrixOr(kept, output).Groups((long)layout.Tokens * inputs.Heads);
        if (kept is not null && logSums is null)
        {
            device.Release(kept);
        }
    }

    public void Backward(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        var deltas = device.AllocateScratch(Shape.Matrix(layout.Tokens, inputs.Heads));
        device.Kernel("attention.weighted-deltas.plain").Matrix(dOutput).Matrix(output).Matrix(deltas)
            .Int32(layout.Tokens).Int32(inputs.Heads).Int32(output.Columns / inputs.Heads).Elements(deltas.Shape.Count);
        if (gradients.Queries.IsWanted)
        {
            Upstream("attention.weighted-backward-queries.plain", inputs, layout, dOutput, logSums, deltas)
                .Matrix(gradients.Queries.Tensor!).Int32(gradients.Queries.Accumulate ? 1 : 0).Groups((long)layout.Tokens * inputs.Heads);
        }

        if (gradients.Values.IsWanted)
        {
            Upstream("attention.weighted-backward-keys.plain", inputs, layout, dOutput, logSums, deltas)
                .MatrixOr(gradients.Keys.Tensor, gradients.Values.Tensor!).Matrix(gradients.Values.Tensor!)
                .Int32(gradients.Keys.Accumulate ? 1 : 0).Int32(gradients.Values.Accumulate ? 1 : 0).Int32(gradients.Keys.IsWanted ? 1 : 0)
                .Groups((long)layout.Tokens * inputs.ValueHeads);
        }

        if (gradients.PositionBias.IsWanted || gradients.TimeBias.IsWanted || gradients.TimePower.Factor.IsWanted)
        {
            BiasGradients(inputs, layout, dOutput, logSums, deltas, gradients);
        }

        device.Release(deltas);
    }

    public void Rotate(Tensor x, JaggedLayout layout, int heads, float theta, bool inverse, Tensor y)
    {
        var width = x.Columns / heads;
        var pairs = x.Columns / 2;
        var table = Rotations(width, theta);
        var rows = GpuLayout.Of(device, layout).Rows;
        device.Kernel("attention.rotate.plain").Matrix(x).Matrix(y).Array(rows).Array(table)
            .Int32(layout.Tokens).Int32(pairs).Int32(width / 2).Single(inverse ? -1 : 1).Elements((long)layout.Tokens * pairs);
    }

    private static bool IsSoftmax(in AttentionInputs inputs) => AttentionOperations.IsSoftmax(inputs.Weighting);

    /// <summary>Cosine and sine of 2^b·θ^(−2c/d) for every bit b and pair c, computed in float64.</summary>
    private Tensor Rotations(int width, float theta)
    {
        if (_rotations.TryGetValue((width, theta), out var known))
        {
            return known;
        }

        var values = new float[RotationBits * width];
        for (var bit = 0; bit < RotationBits; bit++)
        {
            for (var c = 0; c < width / 2; c++)
            {
                var (sine, cosine) = Math.SinCos(Math.ScaleB(Math.Pow(theta, -2.0 * c / width), bit));
                values[(bit * width) + (2 * c)] = (float)cosine;
                values[(bit * width) + (2 * c) + 1] = (float)sine;
            }
        }

        var table = device.AllocatePersistent(Shape.Matrix(RotationBits, width));
        device.Upload(values, table);
        _rotations.Add((width, theta), table);
        return table;
    }

    private void BiasGradients(
        in AttentionInputs inputs, JaggedLayout layout, Tensor dOutput, Tensor? logSums, Tensor deltas, in HstuAttentionGradients gradients)
    {
        var rowsPerGroup = Math.Max(1, (layout.Tokens + MostBiasGroups - 1) / MostBiasGroups);
        var groups = (layout.Tokens + rowsPerGroup - 1) / rowsPerGroup;
        var normalizer = inputs.Normalizer;
        var power = normalizer + TimeBuckets.Count;
        var tables = device.AllocateScratch(Shape.Matrix(Math.Max(1, groups), power + 2));
        Upstream("attention.weighted-backward-biases.plain", inputs, layout, dOutput, logSums, deltas).Matrix(tables).Int32(rowsPerGroup).Groups(groups);
        Sum("attention.sum-position-bias.plain", gradients.PositionBias, normalizer);
        Sum("attention.sum-time-bias.plain", gradients.TimeBias, normalizer);
        Sum("attention.sum-entry.plain", gradients.TimePower.Factor, power);
        Sum("attention.sum-entry.plain", gradients.TimePower.Exponent, power + 1);
        device.Release(tables);

        void Sum(string kernel, GradientTarget target, int place)
        {
            if (target.Tensor is { } gradient)
            {
                device.Kernel(kernel).Matrix(tables).Array(gradient).Int32(groups).Int32(place).Int32(target.Accumulate ? 1 : 0).Elements(gradient.Columns);
            }
        }
    }

    /// <summary>What every kernel of the backward pass reads.</summary>
    private KernelLaunch Upstream(string kernel, in AttentionInputs inputs, JaggedLayout layout, Tensor dOutput, Tensor? logSums, Tensor deltas) =>
        Launch(kernel, inputs, layout).Matrix(dOutput).MatrixOr(logSums, deltas).Matrix(deltas);

    /// <summary>What every kernel reads.</summary>
    private KernelLaunch Launch(string kernel, in AttentionInputs inputs, JaggedLayout layout)
    {
        var v = inputs.Values;
        var rows = GpuLayout.Of(device, layout).Rows;
        var thresholds = Thresholds;
        return device.Kernel(kernel).MatrixOr(inputs.Queries, v).MatrixOr(inputs.Keys, v).Matrix(v)
            .Array(inputs.PositionBias ?? v).Array(inputs.TimeBias ?? v).Array(inputs.TimePower?.Factor ?? v).Array(inputs.TimePower?.Exponent ?? v)
            .Array(rows).Array(thresholds)
            .Int32(layout.Tokens).Int32(inputs.Heads).Int32(inputs.ValueHeads).Int32((inputs.Queries?.Columns ?? 0) / inputs.Heads)
            .Int32(v.Columns / inputs.ValueHeads).Int32(inputs.Normalizer).Int32(inputs.PositionBias is null ? 0 : 1)
            .Int32(inputs.TimeBias is not null ? AttentionModes.TimeBuckets : inputs.TimePower is not null ? AttentionModes.TimePower : AttentionModes.NoTime)
            .Int32(inputs.Weighting switch
            {
                AttentionWeighting.Silu => AttentionModes.Silu,
                AttentionWeighting.Softmax => AttentionModes.Softmax,
                _ => AttentionModes.Bias,
            })
            .Single(inputs.Scale).Dropout(inputs.Dropout);
    }
}
