using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>Attention on a GPU: HSTU's by the variant that the device takes for its shape, the other weightings plainly.</summary>
internal sealed class GpuAttentionOperations(GpuDevice device) : AttentionOperations(device)
{
    private readonly PlainHstuAttention _plain = new(device);
    private readonly TiledHstuAttention _tiled = new(device);
    private readonly WeightedAttention _weighted = new(device);

    protected override void HstuCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output) => Variant(inputs, layout)
        .Forward(inputs, layout, output);

    protected override void HstuBackwardCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients) =>
        Variant(inputs, layout).Backward(inputs, layout, dOutput, gradients);

    protected override void AttendCore(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
    {
        if (inputs.Weighting == AttentionWeighting.LeakySoftmax)
        {
            base.AttendCore(inputs, layout, output, logSums);
        }

        _weighted.Forward(inputs, layout, output, logSums);
    }

    protected override void AttendBackwardCore(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients) =>
        _weighted.Backward(inputs, layout, output, logSums, dOutput, gradients);

    protected override void RotateCore(Tensor x, JaggedLayout layout, int heads, float theta, bool inverse, Tensor y) =>
        _weighted.Rotate(x, layout, heads, theta, inverse, y);

    private HstuAttentionVariant Variant(in HstuAttentionInputs inputs, JaggedLayout layout)
    {
        // The batch's own longest sequence changes from step to step, and a recording would not notice: N stands for it.
        var shape = new KernelShape(
            layout.Tokens, inputs.Heads, inputs.Queries.Columns / inputs.Heads, inputs.Values.Columns / inputs.Heads, inputs.Normalizer);
        return device.VariantOf(KernelFamilies.HstuAttention, shape).Name == KernelFamilies.Tiled ? _tiled : _plain;
    }
}
