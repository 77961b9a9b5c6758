using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Ranks and top lists on the CPU, both from one pass that scores queries against blocks of candidates.</summary>
internal sealed unsafe class CpuRankingOperations(CpuDevice device) : RankingOperations(device)
{
    /// <summary>Lists made in one pass over the candidates: enough that reading them costs nothing beside scoring them, few enough for the notes of long
    /// lists.</summary>
    private const int QueriesAtOnce = 256;

    /// <summary>Columns whose products of a byte and a digit, at most 255·64, add up within 31 bits.</summary>
    private const int MostCodedColumns = 65536;

    private const string TopOperation = "top k";

    /// <summary>So few queries are screened: reading the candidates costs more than scoring them.</summary>
    private const int FewQueries = 3;

    protected override void RanksCore(Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates,
        ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks)
    {
        const string Operation = "ranks";
        var list = new CandidateList(Operation, candidates, items.Rows);
        using var hiddenMemory = device.Scratch.Rent(HiddenPositions.MemoryValues(filter));
        var hidden = new HiddenPositions(Operation, list, filter, hiddenMemory.Pointer);
        using var placeMemory = device.Scratch.Rent(targets.Length);
        var places = (int*)placeMemory.Pointer;
        for (var query = 0; query < targets.Length; query++)
        {
            if ((uint)targets[query] >= (uint)items.Rows)
            {
                throw new ArgumentException($"{Operation}: the target of query {query} is item {targets[query]}, outside a table of {items.Rows} items");
            }

            places[query] = list.Of(targets[query]);
        }

        using var scoreMemory = device.Scratch.Rent(targets.Length);
        using var rankMemory = device.Scratch.Rent((long)device.Threads * targets.Length);
        var counts = (int*)rankMemory.Pointer;
        new Span<int>(counts, device.Threads * targets.Length).Clear();
        ScoreStream.TargetScores(device, queries, items, itemScales, list, places, scoreMemory.Pointer);
        ScoreStream.Run(
            device, Operation, queries, .., items, list, hidden,
            new RankCounter { Places = places, TargetScores = scoreMemory.Pointer, Queries = targets.Length, Ranks = counts }, itemScales);
        for (var query = 0; query < ranks.Length; query++)
        {
            ranks[query] = 0;
            if (places[query] >= 0 && !hidden.Contains(query, places[query]))
            {
                ranks[query] = 1;
                for (var worker = 0; worker < device.Threads; worker++)
                {
                    ranks[query] += counts[(worker * targets.Length) + query];
                }
            }
        }
    }

    protected override void TopKCore(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        var list = new CandidateList(TopOperation, candidates, items.Rows);
        TopK(queries, items, list, null, filter, k, topItems, topScores);
    }

    protected override void TopKCore(Tensor queries, QuantizedItems items, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores) =>
        TopK(queries, items.Items, CandidateList.Checked(items.Candidates), items, filter, k, topItems, topScores);

    protected override QuantizedItems QuantizeCore(Tensor items, IndexTensor candidates)
    {
        var list = new CandidateList("quantize", candidates, items.Rows);
        Check.That(items.Columns <= MostCodedColumns, "quantize",
            $"items {items.Shape} have more than {MostCodedColumns} columns, more than sums of products of bytes can hold");
        var panels = (list.Count + ByteProducts.Rows - 1) / ByteProducts.Rows;
        var codes = device.AllocatePersistentIndices(checked((int)((long)panels * QuantizeJob.PanelBytes(items.Columns) / sizeof(int))));
        var scales = device.AllocatePersistent(Shape.Vector(panels * ByteProducts.Rows));
        var chunks = (list.Count + QuantizeJob.BlockCandidates - 1) / QuantizeJob.BlockCandidates;
        using var largest = device.Scratch.Rent(6L * chunks);
        var job = new QuantizeJob
        {
            Items = CpuDevice.Pointer(items),
            ItemStride = items.RowStride,
            Columns = items.Columns,
            Candidates = list.Pointer,
            Count = list.Count,
            Codes = (byte*)CpuDevice.Pointer(codes),
            Scales = CpuDevice.Pointer(scales),
            Largest = (double*)largest.Pointer,
        };
        device.Workers.Run(chunks, ref job);
        double error = 0, coded = 0, row = 0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            (error, coded, row) = (Math.Max(error, job.Largest[3 * chunk]), Math.Max(coded, job.Largest[(3 * chunk) + 1]),
                Math.Max(row, job.Largest[(3 * chunk) + 2]));
        }

        return new QuantizedItems(device, items, candidates, codes, scales) { ErrorPerScale = error, LargestCoded = coded, LargestRow = row };
    }

    private static RowScreen RowScreenOf(Tensor queries, Tensor items, CandidateList candidates) => new()
    {
        Queries = CpuDevice.Pointer(queries),
        QueryStride = queries.RowStride,
        Items = CpuDevice.Pointer(items),
        ItemStride = items.RowStride,
        Columns = queries.Columns,
        Candidates = candidates.Pointer,
    };

    private void TopK(
        Tensor queries, Tensor items, CandidateList candidates, QuantizedItems? quantized, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        using var hiddenMemory = device.Scratch.Rent(HiddenPositions.MemoryValues(filter));
        var hidden = new HiddenPositions(TopOperation, candidates, filter, hiddenMemory.Pointer);
        var capacity = TopCollector.CapacityFor(k, candidates.Count);
        var atOnce = Math.Min(QueriesAtOnce, queries.Rows);
        using var memory = device.Scratch.Rent(TopCollector.MemoryValues(device.Threads, atOnce, capacity));
        using var screenMemory = device.Scratch.Rent(QuantizedScreen.MemoryValues(atOnce, queries.Columns));
        for (var first = 0; first < queries.Rows; first += QueriesAtOnce)
        {
            var range = first..Math.Min(first + QueriesAtOnce, queries.Rows);
            var rows = range.End.Value - first;
            var collector = TopCollector.Create(k, device.Threads, first, rows, capacity, memory.Pointer);
            if (quantized is not null)
            {
                var screen = new QuantizedScreen(quantized, queries, range, screenMemory.Pointer);
                ScreenedTop.Run(device, TopOperation, queries, range, items, candidates, hidden, screen, collector);
            }
            else if (rows <= FewQueries)
            {
                ScreenedTop.Run(device, TopOperation, queries, range, items, candidates, hidden, RowScreenOf(queries, items, candidates), collector);
            }
            else
            {
                ScoreStream.Run(device, TopOperation, queries, range, items, candidates, hidden, collector);
            }

            for (var query = first; query < first + rows; query++)
            {
                collector.Write(query, device.Threads, candidates, topItems.Slice(query * k, k), topScores.Slice(query * k, k));
            }
        }
    }
}
