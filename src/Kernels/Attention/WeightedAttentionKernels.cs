using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Maths;
using LargeRec.Engine.Operations;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// Attention of every weighting, plainly, as <see cref="HstuAttentionKernels"/> is: a group a row and head, a thread a pair of rows, blocks of pairs through
/// shared memory. Head h reads head h/(H/G) of keys and values. Dropout is of the weights, as a matrix [T·H, N].
/// </summary>
internal static class WeightedAttentionKernels
{
    private const int Block = GroupSizes.Row;
    private const float Lowest = -3e38f;

    /// <summary>o_i = Σ_j A·v_j; of a softmax logSums = ln Σ exp(S) besides.</summary>
    [Kernel("attention", "weighted-forward")]
    public static void Forward(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<float> factor, int factorOffset, ArrayView<float> exponent, int exponentOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        int tokens, int heads, int keyHeads, int dqk, int dv, int normalizer, int hasPosition, int timeKind, int weighting, float scale,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float dropoutScale,
        ArrayView<float> o, int oOffset, int oStride, ArrayView<float> logSums, int logSumsOffset, int logSumsStride)
    {
        var weights = SharedMemory.Allocate<float>(Block);
        var pair = new WeightedPair(
            q, qOffset, qStride, k, kOffset, kStride, dqk, position, positionOffset + normalizer - 1, hasPosition, time, timeOffset,
            factor[factorOffset], exponent[exponentOffset], timeKind, rows, rowsOffset, thresholds, thresholdsOffset, tokens, weighting, scale,
            1f / normalizer);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, dropoutScale);
        var row = Grid.IdxX / heads;
        var head = Grid.IdxX - (row * heads);
        var keyHead = head / (heads / keyHeads);
        var first = rows[rowsOffset + row];
        var output = oOffset + (row * oStride) + (head * dv);
        for (var c = Group.IdxX; c < dv; c += Block)
        {
            o[output + c] = 0f;
        }

        // A row of no sequence sees nothing.
        var last = first < rows[rowsOffset + tokens + row] ? row : first - 1;
        var logSum = 0f;
        if (weighting == AttentionModes.Softmax)
        {
            var best = Lowest;
            for (var key = first + Group.IdxX; key <= last; key += Block)
            {
                var score = pair.Score(row, head, key, keyHead);
                best = score > best ? score : best;
            }

            best = GroupSum.MaximumOf(weights, best);
            var sum = 0f;
            for (var key = first + Group.IdxX; key <= last; key += Block)
            {
                sum += Elementary.Exp(new Lane(pair.Score(row, head, key, keyHead) - best)).Value;
            }

            sum = GroupSum.Of(weights, sum);
            logSum = first <= last ? best + Elementary.Log(new Lane(sum)).Value : 0f;
            if (Group.IdxX == 0)
            {
                logSums[logSumsOffset + (row * logSumsStride) + head] = logSum;
            }
        }

        for (var start = first; start <= last; start += Block)
        {
            var key = start + Group.IdxX;
            var weight = 0f;
            if (key <= last)
            {
                weight = mask.Of(pair.Weight(pair.Score(row, head, key, keyHead), logSum), (row * heads) + head, key - first, normalizer);
            }

            weights[Group.IdxX] = weight;
            Group.Barrier();
            var count = last - start + 1 < Block ? last - start + 1 : Block;
            for (var c = Group.IdxX; c < dv; c += Block)
            {
                var sum = o[output + c];
                for (var j = 0; j < count; j++)
                {
                    sum += weights[j] * v[vOffset + ((start + j) * vStride) + (keyHead * dv) + c];
                }

                o[output + c] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>deltas_ih = ⟨do_ih, o_ih⟩: what a softmax's gradients subtract.</summary>
    [Kernel("attention", "weighted-deltas")]
    public static void Deltas(
        ArrayView<float> dO, int dOOffset, int dOStride, ArrayView<float> o, int oOffset, int oStride,
        ArrayView<float> deltas, int deltasOffset, int deltasStride, int tokens, int heads, int dv)
    {
        for (var i = Grid.GlobalIndex.X; i < tokens * heads; i += Grid.DimX * Group.DimX)
        {
            var row = i / heads;
            var head = i - (row * heads);
            deltas[deltasOffset + (row * deltasStride) + head] =
                PairScore.Dot(dO, dOOffset + (row * dOStride) + (head * dv), o, oOffset + (row * oStride) + (head * dv), dv);
        }
    }

    /// <summary>dq_i (+)= Σ_j dS_ij·k_j.</summary>
    [Kernel("attention", "weighted-backward-queries")]
    public static void BackwardQueries(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<float> factor, int factorOffset, ArrayView<float> exponent, int exponentOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        int tokens, int heads, int keyHeads, int dqk, int dv, int normalizer, int hasPosition, int timeKind, int weighting, float scale,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float dropoutScale,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> logSums, int logSumsOffset, int logSumsStride, ArrayView<float> deltas, int deltasOffset, int deltasStride,
        ArrayView<float> dq, int dqOffset, int dqStride, int accumulate)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var pair = new WeightedPair(
            q, qOffset, qStride, k, kOffset, kStride, dqk, position, positionOffset + normalizer - 1, hasPosition, time, timeOffset,
            factor[factorOffset], exponent[exponentOffset], timeKind, rows, rowsOffset, thresholds, thresholdsOffset, tokens, weighting, scale,
            1f / normalizer);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, dropoutScale);
        var row = Grid.IdxX / heads;
        var head = Grid.IdxX - (row * heads);
        var keyHead = head / (heads / keyHeads);
        var first = rows[rowsOffset + row];
        var last = first < rows[rowsOffset + tokens + row] ? row : first - 1;
        var target = dqOffset + (row * dqStride) + (head * dqk);
        var upstream = dOOffset + (row * dOStride) + (head * dv);
        var logSum = logSums[logSumsOffset + (row * logSumsStride) + head];
        var delta = deltas[deltasOffset + (row * deltasStride) + head];
        for (var c = Group.IdxX; c < dqk; c += Block)
        {
            dq[target + c] = accumulate != 0 ? dq[target + c] : 0f;
        }

        for (var start = first; start <= last; start += Block)
        {
            var key = start + Group.IdxX;
            var change = 0f;
            if (key <= last)
            {
                var dot = PairScore.Dot(dO, upstream, v, vOffset + (key * vStride) + (keyHead * dv), dv);
                change = pair.Change(
                    pair.Score(row, head, key, keyHead), mask.Of(dot, (row * heads) + head, key - first, normalizer), logSum, delta);
            }

            changes[Group.IdxX] = change;
            Group.Barrier();
            var count = last - start + 1 < Block ? last - start + 1 : Block;
            for (var c = Group.IdxX; c < dqk; c += Block)
            {
                var sum = dq[target + c];
                for (var j = 0; j < count; j++)
                {
                    sum += changes[j] * k[kOffset + ((start + j) * kStride) + (keyHead * dqk) + c];
                }

                dq[target + c] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>dk_j (+)= Σ_h Σ_i dS_ij·q_i and dv_j (+)= Σ_h Σ_i A_ij·do_i, over the heads that read this one and the rows from j on. A group a row and
    /// head of keys.</summary>
    [Kernel("attention", "weighted-backward-keys")]
    public static void BackwardKeys(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<float> factor, int factorOffset, ArrayView<float> exponent, int exponentOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        int tokens, int heads, int keyHeads, int dqk, int dv, int normalizer, int hasPosition, int timeKind, int weighting, float scale,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float dropoutScale,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> logSums, int logSumsOffset, int logSumsStride, ArrayView<float> deltas, int deltasOffset, int deltasStride,
        ArrayView<float> dk, int dkOffset, int dkStride, ArrayView<float> dV, int dVOffset, int dVStride,
        int accumulateKeys, int accumulateValues, int keysWanted)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var weights = SharedMemory.Allocate<float>(Block);
        var pair = new WeightedPair(
            q, qOffset, qStride, k, kOffset, kStride, dqk, position, positionOffset + normalizer - 1, hasPosition, time, timeOffset,
            factor[factorOffset], exponent[exponentOffset], timeKind, rows, rowsOffset, thresholds, thresholdsOffset, tokens, weighting, scale,
            1f / normalizer);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, dropoutScale);
        var row = Grid.IdxX / keyHeads;
        var keyHead = Grid.IdxX - (row * keyHeads);
        var shared = heads / keyHeads;
        var first = rows[rowsOffset + row];
        var end = rows[rowsOffset + tokens + row];
        var value = vOffset + (row * vStride) + (keyHead * dv);
        var keyTarget = dkOffset + (row * dkStride) + (keyHead * dqk);
        var valueTarget = dVOffset + (row * dVStride) + (keyHead * dv);
        var keyColumns = keysWanted != 0 ? dqk : 0;
        for (var c = Group.IdxX; c < keyColumns; c += Block)
        {
            dk[keyTarget + c] = accumulateKeys != 0 ? dk[keyTarget + c] : 0f;
        }

        for (var c = Group.IdxX; c < dv; c += Block)
        {
            dV[valueTarget + c] = accumulateValues != 0 ? dV[valueTarget + c] : 0f;
        }

        var beyond = first < end ? end : row;
        for (var head = keyHead * shared; head < (keyHead + 1) * shared; head++)
        {
            for (var start = row; start < beyond; start += Block)
            {
                var i = start + Group.IdxX;
                var change = 0f;
                var weight = 0f;
                if (i < beyond)
                {
                    var score = pair.Score(i, head, row, keyHead);
                    var logSum = logSums[logSumsOffset + (i * logSumsStride) + head];
                    var delta = deltas[deltasOffset + (i * deltasStride) + head];
                    var dot = PairScore.Dot(dO, dOOffset + (i * dOStride) + (head * dv), v, value, dv);
                    weight = mask.Of(pair.Weight(score, logSum), (i * heads) + head, row - first, normalizer);
                    change = pair.Change(score, mask.Of(dot, (i * heads) + head, row - first, normalizer), logSum, delta);
                }

                changes[Group.IdxX] = change;
                weights[Group.IdxX] = weight;
                Group.Barrier();
                var count = beyond - start < Block ? beyond - start : Block;
                for (var c = Group.IdxX; c < keyColumns; c += Block)
                {
                    var sum = dk[keyTarget + c];
                    for (var j = 0; j < count; j++)
                    {
                        sum += changes[j] * q[qOffset + ((start + j) * qStride) + (head * dqk) + c];
                    }

                    dk[keyTarget + c] = sum;
                }

                for (var c = Group.IdxX; c < dv; c += Block)
                {
                    var sum = dV[valueTarget + c];
                    for (var j = 0; j < count; j++)
                    {
                        sum += weights[j] * dO[dOOffset + ((start + j) * dOStride) + (head * dv) + c];
                    }

                    dV[valueTarget + c] = sum;
                }

                Group.Barrier();
            }
        }
    }

    /// <summary>
    /// Sums of dS by distance and by bucket over a stretch of rows, a table a group: entries 0 .. N − 1 the distances, then the buckets, then what a function
    /// of the time gets: Σ dS·x^(−b) and −a·Σ dS·ln x·x^(−b).
    /// </summary>
    [Kernel("attention", "weighted-backward-biases")]
    public static void BackwardBiases(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<float> factor, int factorOffset, ArrayView<float> exponent, int exponentOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        int tokens, int heads, int keyHeads, int dqk, int dv, int normalizer, int hasPosition, int timeKind, int weighting, float scale,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float dropoutScale,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> logSums, int logSumsOffset, int logSumsStride, ArrayView<float> deltas, int deltasOffset, int deltasStride,
        ArrayView<float> tables, int tablesOffset, int tableStride, int rowsPerGroup)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var buckets = SharedMemory.Allocate<int>(Block);
        var pair = new WeightedPair(
            q, qOffset, qStride, k, kOffset, kStride, dqk, position, positionOffset + normalizer - 1, hasPosition, time, timeOffset,
            factor[factorOffset], exponent[exponentOffset], timeKind, rows, rowsOffset, thresholds, thresholdsOffset, tokens, weighting, scale,
            1f / normalizer);
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, dropoutScale);
        var table = tablesOffset + (Grid.IdxX * tableStride);
        for (var entry = Group.IdxX; entry < tableStride; entry += Block)
        {
            tables[table + entry] = 0f;
        }

        Group.Barrier();
        var ofFactor = 0f;
        var ofExponent = 0f;
        var firstRow = Grid.IdxX * rowsPerGroup;
        var endRow = firstRow + rowsPerGroup < tokens ? firstRow + rowsPerGroup : tokens;
        for (var work = firstRow * heads; work < endRow * heads; work++)
        {
            var row = work / heads;
            var head = work - (row * heads);
            var keyHead = head / (heads / keyHeads);
            var first = rows[rowsOffset + row];
            var last = first < rows[rowsOffset + tokens + row] ? row : first - 1;
            var logSum = logSums[logSumsOffset + (row * logSumsStride) + head];
            var delta = deltas[deltasOffset + (row * deltasStride) + head];
            for (var start = first; start <= last; start += Block)
            {
                var key = start + Group.IdxX;
                var change = 0f;
                var bucket = -1;
                if (key <= last)
                {
                    var dot = PairScore.Dot(dO, dOOffset + (row * dOStride) + (head * dv), v, vOffset + (key * vStride) + (keyHead * dv), dv);
                    change = pair.Change(pair.Score(row, head, key, keyHead), mask.Of(dot, work, key - first, normalizer), logSum, delta);
                    tables[table + row - key] += change;
                    bucket = timeKind == AttentionModes.TimeBuckets ? pair.Bucket(row, key) : 0;
                    if (timeKind == AttentionModes.TimePower)
                    {
                        var power = change * pair.Power(row, key);
                        ofFactor += power;
                        ofExponent += power * pair.LogSeconds(row, key);
                    }
                }

                changes[Group.IdxX] = change;
                buckets[Group.IdxX] = bucket;
                Group.Barrier();
                if (timeKind == AttentionModes.TimeBuckets && bucket >= 0 && HstuAttentionKernels.IsRunStart(buckets))
                {
                    var sum = 0f;
                    for (var j = Group.IdxX; j < Block; j++)
                    {
                        if (buckets[j] == bucket)
                        {
                            sum += changes[j];
                        }
                    }

                    tables[table + normalizer + bucket] += sum;
                }

                Group.Barrier();
            }
        }

        ofFactor = GroupSum.Of(changes, ofFactor);
        ofExponent = GroupSum.Of(changes, ofExponent);
        if (Group.IdxX == 0)
        {
            tables[table + normalizer + TimeBuckets.Count] = ofFactor;
            tables[table + normalizer + TimeBuckets.Count + 1] = -factor[factorOffset] * ofExponent;
        }
    }

    /// <summary>gradient (+)= Σ over the tables of one entry.</summary>
    [Kernel("attention", "sum-entry")]
    public static void SumEntry(
        ArrayView<float> tables, int tablesOffset, int tableStride, ArrayView<float> gradient, int gradientOffset, int groups, int entry, int accumulate)
    {
        if (Grid.GlobalIndex.X == 0)
        {
            var sum = HstuAttentionKernels.SumTables(tables, tablesOffset + entry, tableStride, groups);
            gradient[gradientOffset] = accumulate != 0 ? gradient[gradientOffset] + sum : sum;
        }
    }

    /// <summary>
    /// Rotary positions: each pair of columns turned by place·φ_c. The turn by 2^b·φ_c of every c and bit b is in a table, [31, d/2] of cosine and sine, so
    /// that a place's turn is a product of those of its bits.
    /// </summary>
    [Kernel("attention", "rotate")]
    public static void Rotate(
        ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, ArrayView<int> rows, int rowsOffset,
        ArrayView<float> table, int tableOffset, int tokens, int pairs, int pairsOfHead, float direction)
    {
        for (var i = Grid.GlobalIndex.X; i < tokens * pairs; i += Grid.DimX * Group.DimX)
        {
            var row = i / pairs;
            var pair = i - (row * pairs);
            var place = Place(rows, rowsOffset, tokens, row);
            var cosine = 1f;
            var sine = 0f;
            for (var bit = 0; place >> bit > 0; bit++)
            {
                if (((place >> bit) & 1) != 0)
                {
                    var entry = tableOffset + (2 * ((bit * pairsOfHead) + (pair - (pair / pairsOfHead * pairsOfHead))));
                    var c = table[entry];
                    var s = table[entry + 1];
                    var turned = (cosine * c) - (sine * s);
                    sine = (sine * c) + (cosine * s);
                    cosine = turned;
                }
            }

            sine *= direction;
            var source = xOffset + (row * xStride) + (2 * pair);
            var target = yOffset + (row * yStride) + (2 * pair);
            var a = x[source];
            var b = x[source + 1];
            y[target] = (a * cosine) - (b * sine);
            y[target + 1] = (a * sine) + (b * cosine);
        }
    }

    /// <summary>A row's place in its sequence; rows of none, which are the last, count on from 0.</summary>
    private static int Place(ArrayView<int> rows, int rowsOffset, int tokens, int row)
    {
        var first = rows[rowsOffset + row];
        if (first < rows[rowsOffset + tokens + row])
        {
            return row - first;
        }

        var low = -1;
        var high = row;
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (rows[rowsOffset + middle] < rows[rowsOffset + tokens + middle])
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return row - high;
    }
}
