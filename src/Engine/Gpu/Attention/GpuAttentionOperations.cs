using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>HSTU's attention on a GPU, by the variant that the device takes for its shape.</summary>
internal sealed class GpuAttentionOperations(GpuDevice device) : AttentionOperations(device)
{
    private readonly PlainHstuAttention _plain = new(device);
    private readonly TiledHstuAttention _tiled = new(device);

    protected override void HstuCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output) => Variant(inputs, layout)
        .Forward(inputs, layout, output);

    protected override void HstuBackwardCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients) =>
        Variant(inputs, layout).Backward(inputs, layout, dOutput, gradients);

    private HstuAttentionVariant Variant(in HstuAttentionInputs inputs, JaggedLayout layout)
    {
        // The batch's own longest sequence changes from step to step, and a recording would not notice: N stands for it.
        var shape = new KernelShape(
            layout.Tokens, inputs.Heads, inputs.Queries.Columns / inputs.Heads, inputs.Values.Columns / inputs.Heads, inputs.Normalizer);
        return device.VariantOf(KernelFamilies.HstuAttention, shape).Name == KernelFamilies.Tiled ? _tiled : _plain;
    }
}
