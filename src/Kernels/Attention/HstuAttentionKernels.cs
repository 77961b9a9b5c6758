using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// HSTU's attention, plainly: a group a row and head, a thread a pair of rows, blocks of pairs through shared memory. Scores are computed anew in the
/// backward pass. Nothing is added by two threads at once.
/// </summary>
/// <remarks>Rows of a sequence b are offsets[b] to offsets[b+1]; firsts[t] and ends[t] are those of the sequence that row t belongs to. A row of none has
/// firsts[t] = ends[t].</remarks>
internal static class HstuAttentionKernels
{
    private const int Block = GroupSizes.Row;

    [Kernel("attention", "hstu-forward")]
    public static void Forward(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> o, int oOffset, int oStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime)
    {
        var weights = SharedMemory.Allocate<float>(Block);
        var row = Grid.IdxX / heads;
        var head = Grid.IdxX - (row * heads);
        var first = rows[rowsOffset + row];
        var end = rows[rowsOffset + tokens + row];
        var query = qOffset + (row * qStride) + (head * dqk);
        var output = oOffset + (row * oStride) + (head * dv);
        var inverse = 1f / normalizer;
        for (var c = Group.IdxX; c < dv; c += Block)
        {
            o[output + c] = 0f;
        }

        // A row of no sequence sees nothing.
        var last = first < end ? row : first - 1;
        for (var start = first; start <= last; start += Block)
        {
            var key = start + Group.IdxX;
            var weight = 0f;
            if (key <= last)
            {
                var bucket = hasTime != 0 ? BucketOf(rows, rowsOffset, thresholds, thresholdsOffset, tokens, row, key) : 0;
                weight = inverse * PairScore.Weight(PairScore.Of(
                    q, query, k, kOffset + (key * kStride) + (head * dqk), dqk,
                    position, positionOffset + normalizer - 1, time, timeOffset, hasPosition, hasTime, row - key, bucket));
            }

            weights[Group.IdxX] = weight;
            Group.Barrier();
            var count = last - start + 1 < Block ? last - start + 1 : Block;
            for (var c = Group.IdxX; c < dv; c += Block)
            {
                var sum = o[output + c];
                for (var j = 0; j < count; j++)
                {
                    sum += weights[j] * v[vOffset + ((start + j) * vStride) + (head * dv) + c];
                }

                o[output + c] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>dq_i (+)= Σ_j dS_ij·k_j, dS = ⟨do_i, v_j⟩/N·SiLU'(S).</summary>
    [Kernel("attention", "hstu-backward-queries")]
    public static void BackwardQueries(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> dq, int dqOffset, int dqStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime, int accumulate)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var row = Grid.IdxX / heads;
        var head = Grid.IdxX - (row * heads);
        var first = rows[rowsOffset + row];
        var end = rows[rowsOffset + tokens + row];
        var query = qOffset + (row * qStride) + (head * dqk);
        var target = dqOffset + (row * dqStride) + (head * dqk);
        var upstream = dOOffset + (row * dOStride) + (head * dv);
        var inverse = 1f / normalizer;
        for (var c = Group.IdxX; c < dqk; c += Block)
        {
            dq[target + c] = accumulate != 0 ? dq[target + c] : 0f;
        }

        var last = first < end ? row : first - 1;
        for (var start = first; start <= last; start += Block)
        {
            var key = start + Group.IdxX;
            var change = 0f;
            if (key <= last)
            {
                var bucket = hasTime != 0 ? BucketOf(rows, rowsOffset, thresholds, thresholdsOffset, tokens, row, key) : 0;
                var score = PairScore.Of(
                    q, query, k, kOffset + (key * kStride) + (head * dqk), dqk,
                    position, positionOffset + normalizer - 1, time, timeOffset, hasPosition, hasTime, row - key, bucket);
                change = inverse * PairScore.Dot(dO, upstream, v, vOffset + (key * vStride) + (head * dv), dv) * PairScore.Slope(score);
            }

            changes[Group.IdxX] = change;
            Group.Barrier();
            var count = last - start + 1 < Block ? last - start + 1 : Block;
            for (var c = Group.IdxX; c < dqk; c += Block)
            {
                var sum = dq[target + c];
                for (var j = 0; j < count; j++)
                {
                    sum += changes[j] * k[kOffset + ((start + j) * kStride) + (head * dqk) + c];
                }

                dq[target + c] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>dk_j (+)= Σ_i dS_ij·q_i and dv_j (+)= Σ_i A_ij·do_i over the rows i from j on.</summary>
    [Kernel("attention", "hstu-backward-keys")]
    public static void BackwardKeys(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> dk, int dkOffset, int dkStride,
        ArrayView<float> dV, int dVOffset, int dVStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime, int accumulateKeys, int accumulateValues)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var weights = SharedMemory.Allocate<float>(Block);
        var row = Grid.IdxX / heads;
        var head = Grid.IdxX - (row * heads);
        var first = rows[rowsOffset + row];
        var end = rows[rowsOffset + tokens + row];
        var key = kOffset + (row * kStride) + (head * dqk);
        var value = vOffset + (row * vStride) + (head * dv);
        var keyTarget = dkOffset + (row * dkStride) + (head * dqk);
        var valueTarget = dVOffset + (row * dVStride) + (head * dv);
        var inverse = 1f / normalizer;
        for (var c = Group.IdxX; c < dqk; c += Block)
        {
            dk[keyTarget + c] = accumulateKeys != 0 ? dk[keyTarget + c] : 0f;
        }

        for (var c = Group.IdxX; c < dv; c += Block)
        {
            dV[valueTarget + c] = accumulateValues != 0 ? dV[valueTarget + c] : 0f;
        }

        var beyond = first < end ? end : row;
        for (var start = row; start < beyond; start += Block)
        {
            var i = start + Group.IdxX;
            var change = 0f;
            var weight = 0f;
            if (i < beyond)
            {
                var bucket = hasTime != 0 ? BucketOf(rows, rowsOffset, thresholds, thresholdsOffset, tokens, i, row) : 0;
                var score = PairScore.Of(
                    q, qOffset + (i * qStride) + (head * dqk), k, key, dqk,
                    position, positionOffset + normalizer - 1, time, timeOffset, hasPosition, hasTime, i - row, bucket);
                weight = inverse * PairScore.Weight(score);
                change = inverse * PairScore.Dot(dO, dOOffset + (i * dOStride) + (head * dv), v, value, dv) * PairScore.Slope(score);
            }

            changes[Group.IdxX] = change;
            weights[Group.IdxX] = weight;
            Group.Barrier();
            var count = beyond - start < Block ? beyond - start : Block;
            for (var c = Group.IdxX; c < dqk; c += Block)
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

    /// <summary>
    /// Sums of dS by distance and by bucket over a stretch of rows, a table a group: entries 0 .. N − 1 the distances, then the buckets. Within a block of
    /// pairs of one row distances differ, and so do the buckets of its runs, since times are sorted.
    /// </summary>
    [Kernel("attention", "hstu-backward-biases")]
    public static void BackwardBiases(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> tables, int tablesOffset, int tableStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime, int rowsPerGroup)
    {
        var changes = SharedMemory.Allocate<float>(Block);
        var buckets = SharedMemory.Allocate<int>(Block);
        var table = tablesOffset + (Grid.IdxX * tableStride);
        for (var entry = Group.IdxX; entry < tableStride; entry += Block)
        {
            tables[table + entry] = 0f;
        }

        Group.Barrier();
        var inverse = 1f / normalizer;
        var firstRow = Grid.IdxX * rowsPerGroup;
        var endRow = firstRow + rowsPerGroup < tokens ? firstRow + rowsPerGroup : tokens;
        for (var work = firstRow * heads; work < endRow * heads; work++)
        {
            var row = work / heads;
            var head = work - (row * heads);
            var first = rows[rowsOffset + row];
            var last = first < rows[rowsOffset + tokens + row] ? row : first - 1;
            for (var start = first; start <= last; start += Block)
            {
                var key = start + Group.IdxX;
                var change = 0f;
                var bucket = -1;
                if (key <= last)
                {
                    bucket = hasTime != 0 ? BucketOf(rows, rowsOffset, thresholds, thresholdsOffset, tokens, row, key) : 0;
                    var score = PairScore.Of(
                        q, qOffset + (row * qStride) + (head * dqk), k, kOffset + (key * kStride) + (head * dqk), dqk,
                        position, positionOffset + normalizer - 1, time, timeOffset, hasPosition, hasTime, row - key, bucket);
                    change = inverse * PairScore.Slope(score)
                        * PairScore.Dot(dO, dOOffset + (row * dOStride) + (head * dv), v, vOffset + (key * vStride) + (head * dv), dv);
                    tables[table + row - key] += change;
                }

                changes[Group.IdxX] = change;
                buckets[Group.IdxX] = bucket;
                Group.Barrier();
                if (hasTime != 0 && bucket >= 0 && IsRunStart(buckets))
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
    }

    /// <summary>dposition[N − 1 − d] (+)= Σ over the tables of entry d; what no pair has is 0.</summary>
    [Kernel("attention", "sum-position-bias")]
    public static void SumPositionBias(
        ArrayView<float> tables, int tablesOffset, int tableStride, ArrayView<float> gradient, int gradientOffset, int groups, int normalizer, int accumulate)
    {
        for (var i = Grid.GlobalIndex.X; i < (2 * normalizer) - 1; i += Grid.DimX * Group.DimX)
        {
            var distance = normalizer - 1 - i;
            var sum = 0f;
            if (distance >= 0)
            {
                sum = SumTables(tables, tablesOffset + distance, tableStride, groups);
            }

            gradient[gradientOffset + i] = accumulate != 0 ? gradient[gradientOffset + i] + sum : sum;
        }
    }

    /// <summary>dtime[b] (+)= Σ over the tables of entry N + b.</summary>
    [Kernel("attention", "sum-time-bias")]
    public static void SumTimeBias(
        ArrayView<float> tables, int tablesOffset, int tableStride, ArrayView<float> gradient, int gradientOffset, int groups, int normalizer, int accumulate)
    {
        for (var i = Grid.GlobalIndex.X; i < TimeBuckets.Count; i += Grid.DimX * Group.DimX)
        {
            var sum = SumTables(tables, tablesOffset + normalizer + i, tableStride, groups);
            gradient[gradientOffset + i] = accumulate != 0 ? gradient[gradientOffset + i] + sum : sum;
        }
    }

    internal static float SumTables(ArrayView<float> tables, int first, int stride, int groups)
    {
        var sum = 0f;
        for (var group = 0; group < groups; group++)
        {
            sum += tables[first + (group * stride)];
        }

        return sum;
    }

    internal static bool IsRunStart(ArrayView<int> buckets)
    {
        var before = Group.IdxX > 0 ? Group.IdxX - 1 : 0;
        return Group.IdxX == 0 || buckets[before] != buckets[Group.IdxX];
    }

    /// <summary>The columns of <c>rows</c> are the sequences' firsts and ends, then the seconds of events and of the events after them.</summary>
    private static int BucketOf(ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset, int tokens, int query, int key) =>
        PairScore.Bucket(
            thresholds, thresholdsOffset, TimeBuckets.Count, rows[rowsOffset + (3 * tokens) + query] - rows[rowsOffset + (2 * tokens) + key]);
}
