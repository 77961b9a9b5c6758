using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Losses;

internal sealed class CpuLossOperations(CpuDevice device) : LossOperations(device)
{
    protected override void SampledSoftmaxCore( Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient, Tensor? itemGradient) => throw new NotSupportedException();
}
