using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// The softmax over a whole table, a block of tokens after the other: a product gives the block's logits [t, V], a job turns them in place into the
/// coefficients of the gradients, two products make those. That is the floor of 6·T·V·D operations; blocks of items with a running sum would need the
/// logits twice, 8·T·V·D. The blocks' memory does not grow with T.
/// </summary>
internal static class FullSoftmaxLoss
{
    /// <summary>Logits of a block, a megabyte; four times as many are no faster.</summary>
    private const int LogitsPerBlock = 1 << 18;

    /// <summary>Fewer tokens would make the product for the items' gradient one of passes over memory.</summary>
    private const int LeastTokensPerBlock = 128;

    /// <summary>Returns the sum of the tokens' losses, unweighted.</summary>
    public static unsafe double Run(
        CpuDevice device, Tensor queries, Tensor items, Tensor? offsets, IndexTensor labels, float temperature, float weight, Tensor? queryGradient,
        Tensor? itemGradient)
    {
        var tokens = queries.Rows;
        if (tokens == 0)
        {
            if (itemGradient is not null)
            {
                device.Pointwise.Fill(itemGradient, 0);
            }

            return 0;
        }

        RequireLabels(labels, items.Rows);
        var perBlock = Math.Min(tokens, TokensPerBlock(items.Rows));
        var logits = device.Allocate(Shape.Matrix(perBlock, items.Rows));
        var sum = 0.0;
        for (var first = 0; first < tokens; first += perBlock)
        {
            var count = Math.Min(perBlock, tokens - first);
            var (block, ofBlock) = (logits.SliceRows(0, count), queries.SliceRows(first, count));
            device.Products.Multiply<Identity>(ofBlock, false, items, true, block, new ProductEpilogue { Bias = offsets });
            sum += RowSoftmaxJob.Run(
                device, CpuDevice.Pointer(block), block.RowStride, count, items.Rows, CpuDevice.Pointer(labels) + first, 1 / temperature,
                queryGradient is null ? 0 : weight / temperature);
            if (queryGradient is not null && itemGradient is not null)
            {
                device.Products.Multiply(block, false, items, false, queryGradient.SliceRows(first, count));
                device.Products.Multiply(block, true, ofBlock, false, itemGradient, accumulate: first > 0);
            }
        }

        device.Release(logits);
        return sum;
    }

    /// <summary>By the catalogue alone, never by the number of threads.</summary>
    private static int TokensPerBlock(int items) => Math.Max(LeastTokensPerBlock, LogitsPerBlock / items / LeastTokensPerBlock * LeastTokensPerBlock);

    private static unsafe void RequireLabels(IndexTensor labels, int items)
    {
        var values = new ReadOnlySpan<int>(CpuDevice.Pointer(labels), labels.Length);
        for (var token = 0; token < values.Length; token++)
        {
            if ((uint)values[token] >= (uint)items)
            {
                throw new ArgumentException($"full softmax: the label of token {token} is id {values[token]}, outside a table of {items} items; ids are from 0 "
                    + $"to {items - 1}");
            }
        }
    }
}
