using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

internal sealed class CpuRankingOperations(CpuDevice device) : RankingOperations(device)
{
    protected override void RanksCore(Tensor queries, Tensor items, IndexTensor candidates, ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks) => throw new NotSupportedException();
    protected override void TopKCore(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores) => throw new NotSupportedException();
}
