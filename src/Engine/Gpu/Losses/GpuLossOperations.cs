using LargeRec.Engine.Gpu.Sorting;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Losses;

/// <summary>Losses with their gradients on a GPU.</summary>
internal sealed class GpuLossOperations(GpuDevice device) : LossOperations(device)
{
    protected override void SampledSoftmaxCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int catalogueRows,
        IndexTensor? usedRows,
        Tensor? offsets)
    {
        if (offsets is not null)
        {
            throw Check.Unsupported("sampled softmax with offsets", device);
        }

        var tokens = queries.Rows;
        var negativeCount = tokens == 0 ? 0 : negatives.Length / tokens;
        RequireIds(labels, items.Rows, place => $"the label of token {place}");
        RequireIds(negatives, items.Rows, place => $"negative {place % negativeCount} of token {place / negativeCount}");
        var pairs = checked(tokens * (negativeCount + 1));
        var losses = device.AllocateScratch(Shape.Matrix(1, tokens));
        var coefficients = device.AllocateScratch(Shape.Matrix(tokens, negativeCount + 1));
        device.StepNumbers.SetLossWeight(weight);
        var numbers = device.StepNumbers.Array;
        device.Kernel("loss.sampled-softmax-tokens.plain")
            .Matrix(queries).Matrix(items).Array(labels).Array(negatives).Array(losses).Array(coefficients).MatrixOr(queryGradient, queries).Array(numbers)
            .Int32(queries.Columns).Int32(negativeCount).Single(1 / temperature).Int32(queryGradient is null ? 0 : 1).Groups(tokens);
        device.Kernel("loss.sum-values.plain").Array(losses).Int32(tokens).Array(loss).Groups(1);
        if (itemGradient is not null)
        {
            var keys = device.AllocateScratchIndices(pairs);
            device.Kernel("loss.sampled-softmax-pairs.plain").Array(labels).Array(negatives).Array(keys).Int32(tokens).Int32(negativeCount).Int32(items.Rows)
                .Elements(pairs);
            var sorted = SortedIds.Of(device, keys, items.Rows + 1);
            device.Kernel("loss.sampled-softmax-items.plain")
                .Array(sorted.Order).Array(sorted.Starts).Array(coefficients).Matrix(queries).Matrix(itemGradient)
                .Int32(queries.Columns).Int32(negativeCount).Groups(items.Rows);
            sorted.Release(device);
            device.Release(keys);
        }

        device.Release(losses);
        device.Release(coefficients);
    }

    private void RequireIds(IndexTensor ids, int rows, Func<int, string> describe)
    {
        if (!GpuDevice.AreWithin(ids, rows, out var values))
        {
            var place = Array.FindIndex(values, id => (uint)id >= (uint)rows);
            throw new ArgumentException($"sampled softmax: {describe(place)} is id {values[place]}, outside a table of {rows} items; ids are from "
                + $"0 to {rows - 1}");
        }

        if (device.Recordings.IsRecording)
        {
            device.Recordings.Checked(ids, again => RequireIds(again, rows, describe));
        }
    }
}
