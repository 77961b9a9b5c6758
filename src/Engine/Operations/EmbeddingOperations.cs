using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Rows of a table by their ids, and the gradients back to them, summed in a fixed order without atomics.</summary>
public abstract class EmbeddingOperations(Device device)
{
    private const string CollectRowsName = "collect rows";
    private const string MergeRowsName = "merge rows";
    private const string AddRowsName = "add rows";

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
            Check.That(positions.Rows >= layout.LongestSequence, Operation,
                $"positions {positions.Shape} end before the longest sequence of {layout.LongestSequence} rows");
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

    /// <summary>
    /// The rows of a table that these ids name, each once and ascending, row 0 (padding) always among them, become the rows of a gradient, its values
    /// undefined; and each id becomes the place of its row among them. So 0 stays 0, and no other id becomes it.
    /// </summary>
    /// <param name="gradient">Of the table.</param>
    /// <param name="ids">Each in 0 .. V − 1, overwritten.</param>
    /// <exception cref="ArgumentException">An id is outside the table.</exception>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void CollectRows(RowGradient gradient, params ReadOnlySpan<IndexTensor> ids)
    {
        long total = 0;
        foreach (var array in ids)
        {
            Check.Arrays(CollectRowsName, device, array);
            total += array.Length;
        }

        CheckDevice(CollectRowsName, gradient);
        CollectRowsCore(gradient, total + 1, ids);
    }

    /// <summary>sum = a + b: the rows of either, a row that only one has as it is there.</summary>
    /// <param name="sum">Another one than a and b, overwritten.</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void MergeRows(RowGradient a, RowGradient b, RowGradient sum)
    {
        foreach (var gradient in (ReadOnlySpan<RowGradient>)[a, b, sum])
        {
            CheckDevice(MergeRowsName, gradient);
            Check.That(
                gradient.TableRows == sum.TableRows && gradient.Columns == sum.Columns, MergeRowsName, $"a {gradient} and a {sum} are of different tables");
        }

        Check.That(!ReferenceEquals(sum, a) && !ReferenceEquals(sum, b), MergeRowsName, "the sum must be another row gradient than its parts");
        MergeRowsCore(a, b, sum);
    }

    /// <summary>dense += the row gradient.</summary>
    /// <param name="dense">[V, D].</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void AddRows(RowGradient gradient, Tensor dense)
    {
        Check.Arrays(AddRowsName, device, dense);
        CheckDevice(AddRowsName, gradient);
        Check.Extent(AddRowsName, "dense", dense, gradient.TableRows, gradient.Columns);
        AddRowsCore(gradient, dense);
    }

    protected abstract void EmbedSequencesCore(
        Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor output);

    protected abstract void EmbedSequencesBackwardCore(
        IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions);

    protected abstract void GatherRowsCore(Tensor source, IndexTensor rows, Tensor output);

    /// <param name="mostRows">Rows that there can be at most, by the ids' number.</param>
    protected virtual void CollectRowsCore(RowGradient gradient, long mostRows, ReadOnlySpan<IndexTensor> ids) =>
        throw Check.Unsupported(CollectRowsName, device);

    protected virtual void MergeRowsCore(RowGradient a, RowGradient b, RowGradient sum) => throw Check.Unsupported(MergeRowsName, device);

    protected virtual void AddRowsCore(RowGradient gradient, Tensor dense) => throw Check.Unsupported(AddRowsName, device);

    private void CheckDevice(string operation, RowGradient gradient) => Check.That(
        ReferenceEquals(gradient.Device, device), operation, $"the {gradient} is on device '{gradient.Device.Name}', the operation runs on '{device.Name}'");
}
