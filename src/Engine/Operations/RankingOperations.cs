using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Scores of queries against a catalogue, streamed in blocks of items: a users × items matrix never exists.</summary>
public abstract class RankingOperations(Device device)
{
    /// <summary>
    /// The rank of each query's target among the candidates that its filter leaves: 1 + those with a greater score + those with an equal score and a smaller
    /// item index. 0 where the target itself is filtered or no candidate.
    /// </summary>
    /// <param name="queries">[B, D].</param>
    /// <param name="items">[V, D].</param>
    /// <param name="candidates">Item indices in increasing order.</param>
    /// <param name="targets">[B], item indices.</param>
    /// <param name="filter">The item indices that each query must not see.</param>
    /// <param name="ranks">[B], written.</param>
    /// <param name="itemScales">A row of V: what each item's row counts, as <see cref="NormalizationOperations.L2Scales"/> gives it, so that no copy of the
    /// table is needed; none: 1.</param>
    /// <exception cref="ArithmeticException">A score is NaN; the query is named.</exception>
    /// <exception cref="NotSupportedException">There are scales, and the device cannot apply them.</exception>
    public void Ranks(Tensor queries, Tensor items, IndexTensor candidates, ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks,
        Tensor? itemScales = null)
    {
        const string Operation = "ranks";
        CheckScored(Operation, queries, items, candidates, filter);
        if (itemScales is not null)
        {
            Check.Arrays(Operation, device, itemScales);
            Check.Extent(Operation, "the items' scales", itemScales, 1, items.Rows);
        }

        Check.That(targets.Length == queries.Rows && ranks.Length == queries.Rows, Operation,
            $"{queries.Rows} queries need as many targets and ranks; given are {targets.Length} and {ranks.Length}");
        RanksCore(queries, items, itemScales, candidates, targets, filter, ranks);
    }

    /// <summary>
    /// The k best candidates of each query that its filter leaves, best first, equal scores by item index. Where fewer are left the rest has item −1 and score
    /// −∞.
    /// </summary>
    /// <param name="topItems">[B·k], written.</param>
    /// <param name="topScores">[B·k], written.</param>
    public void TopK(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        const string Operation = "top k";
        CheckScored(Operation, queries, items, candidates, filter);
        CheckPlaces(Operation, queries, k, topItems, topScores);
        TopKCore(queries, items, candidates, filter, k, topItems, topScores);
    }

    /// <summary>
    /// An int8 copy of the candidates' rows for <see cref="TopK(Tensor, QuantizedItems, ItemFilter, int, Span{int}, Span{float})"/>: D bytes and a float32 a
    /// candidate, in memory that outlives steps. Dispose of it before the table and the candidates, which must stay unchanged until then.
    /// </summary>
    /// <param name="items">[V, D].</param>
    /// <param name="candidates">Item indices in increasing order.</param>
    /// <exception cref="NotSupportedException">The device has no such copy.</exception>
    public QuantizedItems Quantize(Tensor items, IndexTensor candidates)
    {
        Check.Arrays("quantize", device, items, candidates);
        return QuantizeCore(items, candidates);
    }

    /// <summary>The lists of the other overload, bit for bit and with its errors, found by way of the int8 copy: only candidates that may be among the best are
    /// scored.</summary>
    /// <param name="topItems">[B·k], written.</param>
    /// <param name="topScores">[B·k], written.</param>
    public void TopK(Tensor queries, QuantizedItems items, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores)
    {
        const string Operation = "top k";
        CheckScored(Operation, queries, items.Items, items.Candidates, filter);
        Check.Arrays(Operation, device, items.Codes, items.Scales);
        CheckPlaces(Operation, queries, k, topItems, topScores);
        TopKCore(queries, items, filter, k, topItems, topScores);
    }

    protected abstract void RanksCore(Tensor queries, Tensor items, Tensor? itemScales, IndexTensor candidates,
        ReadOnlySpan<int> targets, ItemFilter filter, Span<int> ranks);

    protected abstract void TopKCore(Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores);

    /// <summary>A device that has no int8 copies says so, rather than rank without.</summary>
    protected virtual QuantizedItems QuantizeCore(Tensor items, IndexTensor candidates) =>
        throw new NotSupportedException($"quantize: the device '{device.Name}' has no int8 copies of items; rank without, or on the CPU");

    protected virtual void TopKCore(Tensor queries, QuantizedItems items, ItemFilter filter, int k, Span<int> topItems, Span<float> topScores) =>
        throw new NotSupportedException($"top k: the device '{device.Name}' has no int8 copies of items; rank without, or on the CPU");

    private static void CheckPlaces(string operation, Tensor queries, int k, Span<int> topItems, Span<float> topScores)
    {
        Check.That(k > 0, operation, $"k is {k} and must be above 0");
        Check.That((long)queries.Rows * k == topItems.Length && topItems.Length == topScores.Length, operation,
            $"{queries.Rows} queries of {k} items need {(long)queries.Rows * k} places");
    }

    private void CheckScored(string operation, Tensor queries, Tensor items, IndexTensor candidates, ItemFilter filter)
    {
        Check.Arrays(operation, device, queries, items, candidates);
        Check.SameColumns(operation, "queries", queries, "items", items);
        Check.That(filter.IsEmpty || filter.Queries == queries.Rows, operation, $"the filter is of {filter.Queries} queries, given are {queries.Rows}");
    }
}
