using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Rows of a table by their ids, and the gradients back to them, summed in a fixed order without atomics.</summary>
public abstract class EmbeddingOperations(Device device)
{
    /// <summary>
    /// The input of a sequence model: output_t = dropout(table[ids_t]·scale + positions[t − start of its sequence]), and 0 where ids_t is 0 (padding).
    /// </summary>
    /// <param name="table">[V, D].</param>
    /// <param name="positions">[at least the longest sequence, D], or none.</param>
    /// <param name="ids">[T], each in 0 .. V − 1; 0 in rows of no sequence.</param>
    /// <param name="layout">Which rows are which sequence's.</param>
    /// <param name="scale">√D in the published code.</param>
    /// <param name="output">[T, D].</param>
    /// <exception cref="ArgumentException">An id is outside the table; the id and where it stands are named.</exception>
    public void EmbedSequences(Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor output)
    {
        const string Operation = "embed sequences";
        Check.Arrays(Operation, device, table, positions, ids, output);
        Check.Length(Operation, "ids", ids, layout.Tokens);
        Check.Extent(Operation, "output", output, layout.Tokens, table.Columns);
        if (positions is not null)
        {
            Check.SameColumns(Operation, "positions", positions, "table", table);
            Check.That(positions.Rows >= layout.LongestSequence, Operation, $"positions {positions.Shape} end before the longest sequence of {layout.LongestSequence} rows");
        }

        dropout.ThrowIfInvalid(Operation);
        EmbedSequencesCore(table, positions, ids, layout, scale, dropout, output);
    }

    /// <summary>
    /// The gradients of <see cref="EmbedSequences"/>: each row of dOutput, through the same mask, times scale to its row of the table and as it is to its
    /// position. Rows of id 0 give nothing.
    /// </summary>
    public void EmbedSequencesBackward(
        IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions)
    {
        const string Operation = "embed sequences backward";
        Check.Arrays(Operation, device, ids, dOutput, dTable.Tensor, dPositions.Tensor);
        Check.Length(Operation, "ids", ids, layout.Tokens);
        Check.That(dOutput.Rows == layout.Tokens, Operation, $"dOutput {dOutput.Shape} must have the layout's {layout.Tokens} rows");
        if (dTable.Tensor is { } table)
        {
            Check.SameColumns(Operation, "dTable", table, "dOutput", dOutput);
        }

        if (dPositions.Tensor is { } positions)
        {
            Check.SameColumns(Operation, "dPositions", positions, "dOutput", dOutput);
        }

        EmbedSequencesBackwardCore(ids, layout, scale, dropout, dOutput, dTable, dPositions);
    }

    /// <summary>output_t = source[rows_t]: the last rows of sequences, say.</summary>
    public void GatherRows(Tensor source, IndexTensor rows, Tensor output)
    {
        Check.Arrays("gather rows", device, source, rows, output);
        Check.Extent("gather rows", "output", output, rows.Length, source.Columns);
        GatherRowsCore(source, rows, output);
    }

    protected abstract void EmbedSequencesCore(
        Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor output);

    protected abstract void EmbedSequencesBackwardCore(
        IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions);

    protected abstract void GatherRowsCore(Tensor source, IndexTensor rows, Tensor output);
}
