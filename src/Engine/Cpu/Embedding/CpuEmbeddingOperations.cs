using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Embedding;

internal sealed class CpuEmbeddingOperations(CpuDevice device) : EmbeddingOperations(device)
{
    protected override void EmbedSequencesCore( Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor output) => throw new NotSupportedException();
    protected override void EmbedSequencesBackwardCore( IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions) => throw new NotSupportedException();
    protected override void GatherRowsCore(Tensor source, IndexTensor rows, Tensor output) => throw new NotSupportedException();
}
