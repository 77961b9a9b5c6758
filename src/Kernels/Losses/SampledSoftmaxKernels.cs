using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Maths;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Losses;

/// <summary>
/// The sampled softmax with its gradients. Token t has R + 1 pairs: its negatives, then its label; a pair's coefficient is d loss/d logit/τ.
/// </summary>
internal static class SampledSoftmaxKernels
{
    private const float Collision = -5e4f;
    private const int Weight = 1;

    /// <summary>A group a token: its loss, its pairs' coefficients, and the gradient of its query where that is wanted.</summary>
    [Kernel("loss", "sampled-softmax-tokens")]
    public static void Tokens(
        ArrayView<float> queries, int queriesOffset, int queriesStride,
        ArrayView<float> items, int itemsOffset, int itemsStride,
        ArrayView<int> labels, int labelsOffset, ArrayView<int> negatives, int negativesOffset,
        ArrayView<float> losses, int lossesOffset, ArrayView<float> coefficients, int coefficientsOffset,
        ArrayView<float> dQueries, int dQueriesOffset, int dQueriesStride,
        ArrayView<int> numbers, int numbersOffset,
        int columns, int negativeCount, float inverseTemperature, int wantsGradient)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Row);
        var token = Grid.IdxX;
        var label = labels[labelsOffset + token];
        var pairs = coefficientsOffset + (token * (negativeCount + 1));
        var query = queriesOffset + (token * queriesStride);
        var weight = Interop.IntAsFloat((uint)numbers[numbersOffset + Weight]);
        var largest = Bits.NegativeInfinity;
        for (var r = Group.IdxX; r <= negativeCount; r += GroupSizes.Row)
        {
            var isLabel = r == negativeCount;
            var item = isLabel ? label : negatives[negativesOffset + (token * negativeCount) + r];
            var row = itemsOffset + (item * itemsStride);
            var logit = 0f;
            for (var d = 0; d < columns; d++)
            {
                logit += queries[query + d] * items[row + d];
            }

            logit = !isLabel && item == label ? Collision : logit * inverseTemperature;
            coefficients[pairs + r] = logit;
            largest = logit > largest ? logit : largest;
        }

        largest = GroupSum.MaximumOf(shared, largest);
        var sum = 0f;
        for (var r = Group.IdxX; r <= negativeCount; r += GroupSizes.Row)
        {
            sum += Elementary.Exp(new Lane(coefficients[pairs + r] - largest)).Value;
        }

        sum = GroupSum.Of(shared, sum);
        if (Group.IdxX == 0)
        {
            var loss = largest + Elementary.Log(new Lane(sum)).Value - coefficients[pairs + negativeCount];
            losses[lossesOffset + token] = label == 0 ? 0f : weight * loss;
        }

        Group.Barrier();
        var scale = label == 0 ? 0f : weight * inverseTemperature;
        for (var r = Group.IdxX; r <= negativeCount; r += GroupSizes.Row)
        {
            var share = Elementary.Exp(new Lane(coefficients[pairs + r] - largest)).Value / sum;
            coefficients[pairs + r] = scale * (r == negativeCount ? share - 1f : share);
        }

        Group.Barrier();
        if (wantsGradient == 0)
        {
            return;
        }

        for (var column = Group.IdxX; column < columns; column += GroupSizes.Row)
        {
            var gradient = 0f;
            if (label != 0)
            {
                gradient = coefficients[pairs + negativeCount] * items[itemsOffset + (label * itemsStride) + column];
                for (var r = 0; r < negativeCount; r++)
                {
                    var item = negatives[negativesOffset + (token * negativeCount) + r];
                    gradient += coefficients[pairs + r] * items[itemsOffset + (item * itemsStride) + column];
                }
            }

            dQueries[dQueriesOffset + (token * dQueriesStride) + column] = gradient;
        }
    }

    /// <summary>
    /// The item of each pair, for sorting; where the token has no label <paramref name="none"/>, behind all items, so that no item's group walks over what adds
    /// nothing to it: of a padded step that would be one group for up to an eighth of all pairs.
    /// </summary>
    [Kernel("loss", "sampled-softmax-pairs")]
    public static void Pairs(
        ArrayView<int> labels, int labelsOffset, ArrayView<int> negatives, int negativesOffset, ArrayView<int> keys, int keysOffset,
        int tokens, int negativeCount, int none)
    {
        for (var pair = Grid.GlobalIndex.X; pair < tokens * (negativeCount + 1); pair += Grid.DimX * Group.DimX)
        {
            var token = pair / (negativeCount + 1);
            var r = pair - (token * (negativeCount + 1));
            var label = labels[labelsOffset + token];
            keys[keysOffset + pair] = label == 0 ? none : r == negativeCount ? label : negatives[negativesOffset + (token * negativeCount) + r];
        }
    }

    /// <summary>A group an item: Σ coefficient·query over its pairs, which lie sorted by item in <c>order</c>, in the order of tokens.</summary>
    [Kernel("loss", "sampled-softmax-items")]
    public static void Items(
        ArrayView<int> order, int orderOffset, ArrayView<int> starts, int startsOffset,
        ArrayView<float> coefficients, int coefficientsOffset,
        ArrayView<float> queries, int queriesOffset, int queriesStride,
        ArrayView<float> dItems, int dItemsOffset, int dItemsStride,
        int columns, int negativeCount)
    {
        var item = Grid.IdxX;
        var start = starts[startsOffset + item];
        var end = starts[startsOffset + item + 1];
        for (var column = Group.IdxX; column < columns; column += GroupSizes.Row)
        {
            var sum = 0f;
            for (var i = start; i < end; i++)
            {
                var pair = order[orderOffset + i];
                var token = pair / (negativeCount + 1);
                sum += coefficients[coefficientsOffset + pair] * queries[queriesOffset + (token * queriesStride) + column];
            }

            dItems[dItemsOffset + (item * dItemsStride) + column] = sum;
        }
    }

    /// <summary>One group: output[0] = the sum of all values.</summary>
    [Kernel("loss", "sum-values")]
    public static void SumValues(ArrayView<float> values, int valuesOffset, int count, ArrayView<float> output, int outputOffset)
    {
        var shared = SharedMemory.Allocate<float>(GroupSizes.Elements);
        var sum = 0f;
        for (var i = Group.IdxX; i < count; i += Group.DimX)
        {
            sum += values[valuesOffset + i];
        }

        sum = GroupSum.Of(shared, sum);
        if (Group.IdxX == 0)
        {
            output[outputOffset] = sum;
        }
    }
}
