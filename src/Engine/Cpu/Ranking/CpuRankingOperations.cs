using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Ranks and top lists on the CPU, both from one pass that scores blocks of queries against blocks of candidates.</summary>
internal sealed unsafe class CpuRankingOperations(CpuDevice device) : RankingOperations(device)
{
    protected override void RanksCore(Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates, ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks)
    {
        const string Operation = "ranks";
        using var positionMemory = device.Scratch.Rent(items.Rows);
        var positions = new CandidatePositions(Operation, candidates, items.Rows, positionMemory.Pointer);
        using var placeMemory = device.Scratch.Rent(targets.Length);
        var places = (int*)placeMemory.Pointer;
        using var scoreMemory = device.Scratch.Rent(targets.Length);
        for (var query = 0; query < targets.Length; query++)
        {
            if ((uint)targets[query] >= (uint)items.Rows)
            {
                throw new ArgumentException($"{Operation}: the target of query {query} is item {targets[query]}, outside a table of {items.Rows} items");
            }

            places[query] = positions.Of(targets[query]);
        }

        ranks.Clear();
        fixed (int* ranksPointer = ranks)
        {
            var consumer = new RankCounter { Places = places, TargetScores = scoreMemory.Pointer, Ranks = ranksPointer };
            ScoreStream.TargetScores(device, queries, items, itemScales, candidates, places, scoreMemory.Pointer);
            ScoreStream.Run(device, Operation, queries, items, itemScales, candidates, positions, filter, consumer);
        }

        for (var query = 0; query < ranks.Length; query++)
        {
            ranks[query] = places[query] < 0 || positions.Filters(filter, query, places[query]) ? 0 : ranks[query] + 1;
        }
    }

    protected override void TopKCore(Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        const string Operation = "top k";
        using var positionMemory = device.Scratch.Rent(items.Rows);
        var positions = new CandidatePositions(Operation, candidates, items.Rows, positionMemory.Pointer);
        using var countMemory = device.Scratch.Rent(queries.Rows);
        var counts = (int*)countMemory.Pointer;
        new Span<int>(counts, queries.Rows).Clear();
        fixed (int* itemsPointer = topItems)
        fixed (float* scoresPointer = topScores)
        {
            var consumer = new TopCollector { Capacity = k, Counts = counts, Positions = itemsPointer, Scores = scoresPointer };
            ScoreStream.Run(device, Operation, queries, items, itemScales, candidates, positions, filter, consumer);
            var sorting = new TopSorter { Top = consumer, Queries = queries.Rows, Candidates = CpuDevice.Pointer(candidates) };
            device.Workers.Run(sorting.Chunks, ref sorting);
        }
    }
}
