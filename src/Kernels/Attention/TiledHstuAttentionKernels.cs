using ILGPU;
using LargeRec.Engine.Operations;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// HSTU's attention by tiles of 32 x 32 pairs: a group 32 rows and a head, whatever sequences they are of, since pairs of different sequences only count as not
/// seen. Queries, keys and values are read from memory once a tile, not once a pair; scores are computed anew in the backward pass. Heads of up to 64 columns.
/// </summary>
/// <remarks>What the arguments are, <see cref="HstuAttentionKernels"/> says.</remarks>
internal static class TiledHstuAttentionKernels
{
    private const int Side = AttentionTile.Side;
    private const int Threads = AttentionTile.Threads;
    private const int Stride = AttentionTile.Stride;

    /// <summary>A pair is looked at by a thread that stays with its column: of a warp, 32 columns of one row.</summary>
    private const int RowStep = Threads / Side;

    [Kernel("attention", "hstu-forward", "tiled")]
    public static void Forward(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> o, int oOffset, int oStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime)
    {
        var queries = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var keys = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var values = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var pairs = SharedMemory.Allocate<float>(AttentionTile.PairFloats);
        var sharedTime = SharedMemory.Allocate<float>(TimeBuckets.Count);
        var sharedThresholds = SharedMemory.Allocate<int>(TimeBuckets.Count);
        var bias = new PairBias(
            position, positionOffset + normalizer - 1, sharedTime, sharedThresholds, rows, rowsOffset, tokens, normalizer, hasPosition, hasTime);
        bias.Load(time, timeOffset, thresholds, thresholdsOffset);

        var block = Grid.IdxX / heads;
        var head = Grid.IdxX - (block * heads);
        var firstRow = block * Side;
        var endRow = firstRow + Side < tokens ? firstRow + Side : tokens;
        var inverse = 1f / normalizer;
        AttentionTile.Load(queries, q, qOffset + (head * dqk), qStride, firstRow, tokens, dqk);
        var sums = default(WidthSums);
        for (var firstKey = rows[rowsOffset + firstRow]; firstKey < endRow; firstKey += Side)
        {
            AttentionTile.Load(keys, k, kOffset + (head * dqk), kStride, firstKey, tokens, dqk);
            AttentionTile.Load(values, v, vOffset + (head * dv), vStride, firstKey, tokens, dv);
            Group.Barrier();
            AttentionTile.Store(pairs, AttentionTile.Products(queries, keys, dqk));
            Group.Barrier();
            var key = firstKey + (Group.IdxX & (Side - 1));
            for (var row = Group.IdxX >> 5; row < Side; row += RowStep)
            {
                var at = (row * Stride) + (Group.IdxX & (Side - 1));
                var query = firstRow + row;
                var weight = 0f;
                if (bias.Sees(query, key))
                {
                    weight = inverse * PairScore.Weight(bias.Add(pairs[at], query - key, bias.Bucket(query, key)));
                }

                pairs[at] = weight;
            }

            Group.Barrier();
            sums = AttentionTile.Add(sums, pairs, values, dv);
            Group.Barrier();
        }

        AttentionTile.Write(sums, o, oOffset + (head * dv), oStride, firstRow, tokens, dv, 0);
    }

    /// <summary>
    /// dq_i (+)= Σ_j dS_ij·k_j, and sums of dS by distance and by bucket, a table a group: entries 0 .. N − 1 the distances, then the buckets. A group goes
    /// from block to block, as many apart as there are groups.
    /// </summary>
    /// <param name="wanted">1: dq; 2: the sums by distance; 4: those by bucket.</param>
    [Kernel("attention", "hstu-backward-queries", "tiled")]
    public static void BackwardQueries(
        ArrayView<float> q, int qOffset, int qStride,
        ArrayView<float> k, int kOffset, int kStride,
        ArrayView<float> v, int vOffset, int vStride,
        ArrayView<float> position, int positionOffset, ArrayView<float> time, int timeOffset,
        ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset,
        ArrayView<float> dO, int dOOffset, int dOStride,
        ArrayView<float> dq, int dqOffset, int dqStride,
        ArrayView<float> tables, int tablesOffset, int tableStride,
        int tokens, int heads, int dqk, int dv, int normalizer, int hasPosition, int hasTime, int accumulate, int wanted)
    {
        var queries = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var upstream = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var keys = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var values = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var changes = SharedMemory.Allocate<float>(AttentionTile.PairFloats);
        var other = SharedMemory.Allocate<float>(AttentionTile.PairFloats);
        var sharedTime = SharedMemory.Allocate<float>(TimeBuckets.Count);
        var sharedThresholds = SharedMemory.Allocate<int>(TimeBuckets.Count);
        var bias = new PairBias(
            position, positionOffset + normalizer - 1, sharedTime, sharedThresholds, rows, rowsOffset, tokens, normalizer, hasPosition, hasTime);
        bias.Load(time, timeOffset, thresholds, thresholdsOffset);
        var table = tablesOffset + (Grid.IdxX * tableStride);
        if ((wanted & (BiasSums.Distances | BiasSums.Buckets)) != 0)
        {
            for (var entry = Group.IdxX; entry < tableStride; entry += Threads)
            {
                tables[table + entry] = 0f;
            }
        }

        var inverse = 1f / normalizer;
        var work = ((tokens + Side - 1) >> 5) * heads;
        for (var item = Grid.IdxX; item < work; item += Grid.DimX)
        {
            var block = item / heads;
            var head = item - (block * heads);
            var firstRow = block * Side;
            var endRow = firstRow + Side < tokens ? firstRow + Side : tokens;
            AttentionTile.Load(queries, q, qOffset + (head * dqk), qStride, firstRow, tokens, dqk);
            AttentionTile.Load(upstream, dO, dOOffset + (head * dv), dOStride, firstRow, tokens, dv);
            var sums = default(WidthSums);
            for (var firstKey = rows[rowsOffset + firstRow]; firstKey < endRow; firstKey += Side)
            {
                AttentionTile.Load(keys, k, kOffset + (head * dqk), kStride, firstKey, tokens, dqk);
                AttentionTile.Load(values, v, vOffset + (head * dv), vStride, firstKey, tokens, dv);
                Group.Barrier();
                AttentionTile.Store(changes, AttentionTile.Products(queries, keys, dqk));
                AttentionTile.Store(other, AttentionTile.Products(upstream, values, dv));
                Group.Barrier();
                var smallest = BiasSums.Beyond;
                var largest = -1f;
                var key = firstKey + (Group.IdxX & (Side - 1));
                for (var row = Group.IdxX >> 5; row < Side; row += RowStep)
                {
                    var at = (row * Stride) + (Group.IdxX & (Side - 1));
                    var query = firstRow + row;
                    var change = 0f;
                    var bucket = -1f;
                    if (bias.Sees(query, key))
                    {
                        var found = bias.Bucket(query, key);
                        change = inverse * other[at] * PairScore.Slope(bias.Add(changes[at], query - key, found));
                        bucket = found;
                        smallest = bucket < smallest ? bucket : smallest;
                        largest = bucket > largest ? bucket : largest;
                    }

                    changes[at] = change;
                    other[at] = bucket;
                }

                if ((wanted & BiasSums.Buckets) != 0)
                {
                    BiasSums.Note(values, smallest, largest);
                }

                Group.Barrier();
                if ((wanted & BiasSums.Queries) != 0)
                {
                    sums = AttentionTile.Add(sums, changes, keys, dqk);
                }

                if ((wanted & BiasSums.Distances) != 0)
                {
                    BiasSums.AddDistances(changes, tables, table, firstRow - firstKey, normalizer);
                }

                if ((wanted & BiasSums.Buckets) != 0)
                {
                    BiasSums.AddBuckets(changes, other, values, tables, table + normalizer);
                }

                Group.Barrier();
            }

            if ((wanted & BiasSums.Queries) != 0)
            {
                AttentionTile.Write(sums, dq, dqOffset + (head * dqk), dqStride, firstRow, tokens, dqk, accumulate);
            }
        }
    }

    /// <summary>dk_j (+)= Σ_i dS_ij·q_i and dv_j (+)= Σ_i A_ij·do_i over the rows i from j on: pairs are transposed, a row a key.</summary>
    [Kernel("attention", "hstu-backward-keys", "tiled")]
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
        var queries = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var upstream = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var keys = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var values = SharedMemory.Allocate<float>(AttentionTile.Floats);
        var changes = SharedMemory.Allocate<float>(AttentionTile.PairFloats);
        var weights = SharedMemory.Allocate<float>(AttentionTile.PairFloats);
        var sharedTime = SharedMemory.Allocate<float>(TimeBuckets.Count);
        var sharedThresholds = SharedMemory.Allocate<int>(TimeBuckets.Count);
        var bias = new PairBias(
            position, positionOffset + normalizer - 1, sharedTime, sharedThresholds, rows, rowsOffset, tokens, normalizer, hasPosition, hasTime);
        bias.Load(time, timeOffset, thresholds, thresholdsOffset);

        var block = Grid.IdxX / heads;
        var head = Grid.IdxX - (block * heads);
        var firstKey = block * Side;
        var lastKey = firstKey + Side < tokens ? firstKey + Side - 1 : tokens - 1;
        var end = rows[rowsOffset + tokens + lastKey];
        var inverse = 1f / normalizer;
        AttentionTile.Load(keys, k, kOffset + (head * dqk), kStride, firstKey, tokens, dqk);
        AttentionTile.Load(values, v, vOffset + (head * dv), vStride, firstKey, tokens, dv);
        var (ofKeys, ofValues) = (default(WidthSums), default(WidthSums));
        for (var firstRow = firstKey; firstRow < end; firstRow += Side)
        {
            AttentionTile.Load(queries, q, qOffset + (head * dqk), qStride, firstRow, tokens, dqk);
            AttentionTile.Load(upstream, dO, dOOffset + (head * dv), dOStride, firstRow, tokens, dv);
            Group.Barrier();
            AttentionTile.Store(changes, AttentionTile.Products(keys, queries, dqk));
            AttentionTile.Store(weights, AttentionTile.Products(values, upstream, dv));
            Group.Barrier();
            var query = firstRow + (Group.IdxX & (Side - 1));
            for (var row = Group.IdxX >> 5; row < Side; row += RowStep)
            {
                var at = (row * Stride) + (Group.IdxX & (Side - 1));
                var key = firstKey + row;
                var weight = 0f;
                var change = 0f;
                if (bias.Sees(query, key))
                {
                    var score = bias.Add(changes[at], query - key, bias.Bucket(query, key));
                    weight = inverse * PairScore.Weight(score);
                    change = inverse * weights[at] * PairScore.Slope(score);
                }

                changes[at] = change;
                weights[at] = weight;
            }

            Group.Barrier();
            ofKeys = AttentionTile.Add(ofKeys, changes, queries, dqk);
            ofValues = AttentionTile.Add(ofValues, weights, upstream, dv);
            Group.Barrier();
        }

        AttentionTile.Write(ofKeys, dk, dkOffset + (head * dqk), dkStride, firstKey, tokens, dqk, accumulateKeys);
        AttentionTile.Write(ofValues, dV, dVOffset + (head * dv), dVStride, firstKey, tokens, dv, accumulateValues);
    }
}
