using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

internal sealed class CpuAttentionOperations(CpuDevice device) : AttentionOperations(device)
{
    protected override void HstuCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output) => throw new NotSupportedException();
    protected override void HstuBackwardCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients) => throw new NotSupportedException();
}
