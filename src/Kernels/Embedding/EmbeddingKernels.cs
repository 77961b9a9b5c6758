using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Embedding;

/// <summary>Rows of tables by their ids, and the gradients back to them.</summary>
internal static class EmbeddingKernels
{
    /// <summary>output_t = dropout(table[ids_t]·scale + positions[t − first row of its sequence]); 0 where ids_t is 0.</summary>
    [Kernel("embedding", "embed-sequences")]
    public static void EmbedSequences(
        ArrayView<float> table, int tableOffset, int tableStride,
        ArrayView<float> positions, int positionsOffset, int positionsStride, int hasPositions,
        ArrayView<int> ids, int idsOffset, ArrayView<int> rows, int rowsOffset,
        ArrayView<float> output, int outputOffset, int outputStride,
        int tokens, int columns, float factor,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        for (var i = Grid.GlobalIndex.X; i < tokens * columns; i += Grid.DimX * Group.DimX)
        {
            var token = i / columns;
            var column = i - (token * columns);
            var id = ids[idsOffset + token];
            var value = 0f;
            if (id != 0)
            {
                value = table[tableOffset + (id * tableStride) + column] * factor;
                if (hasPositions != 0)
                {
                    value += positions[positionsOffset + ((token - rows[rowsOffset + token]) * positionsStride) + column];
                }

                value = mask.Of(value, token, column, columns);
            }

            output[outputOffset + (token * outputStride) + column] = value;
        }
    }

    /// <summary>output_t = source[rows_t].</summary>
    [Kernel("embedding", "gather-rows")]
    public static void GatherRows(
        ArrayView<float> source, int sourceOffset, int sourceStride,
        ArrayView<int> rows, int rowsOffset,
        ArrayView<float> output, int outputOffset, int outputStride,
        int count, int columns)
    {
        for (var i = Grid.GlobalIndex.X; i < count * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            output[outputOffset + (row * outputStride) + column] = source[sourceOffset + (rows[rowsOffset + row] * sourceStride) + column];
        }
    }

    /// <summary>
    /// A group a row of the table: dTable[v] (+)= factor·Σ dropped dOutput_t over the tokens of id v, in the order of tokens. Tokens lie sorted by id in
    /// <c>order</c>, those of id v from starts[v] to starts[v + 1]. Row 0 gets nothing.
    /// </summary>
    [Kernel("embedding", "table-gradient")]
    public static void TableGradient(
        ArrayView<int> order, int orderOffset, ArrayView<int> starts, int startsOffset,
        ArrayView<float> dOutput, int dOutputOffset, int dOutputStride,
        ArrayView<float> dTable, int dTableOffset, int dTableStride,
        int columns, float factor, int accumulate,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        var id = Grid.IdxX;
        var start = starts[startsOffset + id];
        var end = id == 0 ? start : starts[startsOffset + id + 1];
        for (var column = Group.IdxX; column < columns; column += GroupSizes.Row)
        {
            var sum = 0f;
            for (var i = start; i < end; i++)
            {
                var token = order[orderOffset + i];
                sum += mask.Of(dOutput[dOutputOffset + (token * dOutputStride) + column], token, column, columns);
            }

            var target = dTableOffset + (id * dTableStride) + column;
            dTable[target] = accumulate != 0 ? dTable[target] + (factor * sum) : factor * sum;
        }
    }

    /// <summary>A group a position p: dPositions[p] (+)= Σ dropped dOutput over the sequences longer than p, where the id is not 0.</summary>
    [Kernel("embedding", "position-gradient")]
    public static void PositionGradient(
        ArrayView<int> ids, int idsOffset, ArrayView<int> offsets, int offsetsOffset, int sequences,
        ArrayView<float> dOutput, int dOutputOffset, int dOutputStride,
        ArrayView<float> dPositions, int dPositionsOffset, int dPositionsStride,
        int columns, int accumulate,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        for (var column = Group.IdxX; column < columns; column += GroupSizes.Row)
        {
            var sum = 0f;
            for (var b = 0; b < sequences; b++)
            {
                var token = offsets[offsetsOffset + b] + Grid.IdxX;
                if (token < offsets[offsetsOffset + b + 1] && ids[idsOffset + token] != 0)
                {
                    sum += mask.Of(dOutput[dOutputOffset + (token * dOutputStride) + column], token, column, columns);
                }
            }

            var target = dPositionsOffset + (Grid.IdxX * dPositionsStride) + column;
            dPositions[target] = accumulate != 0 ? dPositions[target] + sum : sum;
        }
    }
}
