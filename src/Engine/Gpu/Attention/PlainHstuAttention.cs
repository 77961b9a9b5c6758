using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>A group a row and head.</summary>
internal sealed class PlainHstuAttention(GpuDevice device) : HstuAttentionVariant(device)
{
    /// <summary>The most groups that sum the biases' gradients, each in a table of its own.</summary>
    private const int MostBiasGroups = 128;

    public override void Forward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output) =>
        Sizes(Inputs("attention.hstu-forward.plain", inputs, layout).Matrix(output), inputs, layout).Groups((long)layout.Tokens * inputs.Heads);

    public override void Backward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        var groups = (long)layout.Tokens * inputs.Heads;
        if (gradients.Queries.IsWanted)
        {
            Sizes(Inputs("attention.hstu-backward-queries.plain", inputs, layout).Matrix(dOutput).Matrix(gradients.Queries.Tensor!), inputs, layout)
                .Int32(gradients.Queries.Accumulate ? 1 : 0).Groups(groups);
        }

        if (gradients.Keys.IsWanted)
        {
            var launch = Inputs("attention.hstu-backward-keys.plain", inputs, layout).Matrix(dOutput).Matrix(gradients.Keys.Tensor!)
                .Matrix(gradients.Values.Tensor!);
            Sizes(launch, inputs, layout).Int32(gradients.Keys.Accumulate ? 1 : 0).Int32(gradients.Values.Accumulate ? 1 : 0).Groups(groups);
        }

        if (gradients.PositionBias.IsWanted || gradients.TimeBias.IsWanted)
        {
            BiasGradients(inputs, layout, dOutput, gradients);
        }
    }

    private void BiasGradients(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        var rowsPerGroup = Math.Max(1, (layout.Tokens + MostBiasGroups - 1) / MostBiasGroups);
        var groups = (layout.Tokens + rowsPerGroup - 1) / rowsPerGroup;
        var normalizer = inputs.Normalizer;
        var tables = Device.AllocateScratch(Shape.Matrix(Math.Max(1, groups), inputs.Normalizer + TimeBuckets.Count));
        Sizes(Inputs("attention.hstu-backward-biases.plain", inputs, layout).Matrix(dOutput).Matrix(tables), inputs, layout).Int32(rowsPerGroup).Groups(groups);
        Sum("attention.sum-position-bias.plain", gradients.PositionBias);
        Sum("attention.sum-time-bias.plain", gradients.TimeBias);
        Device.Release(tables);

        void Sum(string kernel, GradientTarget target)
        {
            if (target.Tensor is { } gradient)
            {
                Device.Kernel(kernel).Matrix(tables).Array(gradient).Int32(groups).Int32(normalizer).Int32(target.Accumulate ? 1 : 0)
                    .Elements(gradient.Columns);
            }
        }
    }
}
