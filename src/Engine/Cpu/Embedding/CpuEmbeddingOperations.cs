using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Embedding;

internal sealed unsafe class CpuEmbeddingOperations(CpuDevice device) : EmbeddingOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void EmbedSequencesCore(
        Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor output)
    {
        var columns = table.Columns;
        TableIds.ThrowIfOutside("embed sequences", Span(ids), table.Rows);
        using var scratch = _device.Scratch.Rent(DropoutRows.ScratchValues(dropout, columns, _device.Threads));
        var rows = output.Rows - layout.TrailingRows;
        var split = RowSplit.OfRows(rows, columns);
        var job = new EmbedSequencesJob(
            split, columns, CpuDevice.Pointer(table), table.RowStride, CpuDevice.PointerOrNull(positions), positions?.RowStride ?? 0,
            CpuDevice.Pointer(ids), layout,
            scale, new(dropout, columns, scratch.Pointer), CpuDevice.Pointer(output), output.RowStride);
        _device.Workers.Run(split.Chunks, ref job);
        if (layout.TrailingRows > 0)
        {
            _device.Pointwise.Fill(output.SliceRows(rows, layout.TrailingRows), 0);
        }
    }

    protected override void EmbedSequencesBackwardCore(
        IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions)
    {
        if (dOutput.Columns == 0)
        {
            return;
        }

        if (dTable.Tensor is { } table)
        {
            AddToTable(ids, scale, dropout, dOutput, table, dTable.Accumulate);
        }

        if (dPositions.Tensor is { } positions)
        {
            AddToPositions(ids, layout, dropout, dOutput, positions, dPositions.Accumulate);
        }
    }

    protected override void GatherRowsCore(Tensor source, IndexTensor rows, Tensor output)
    {
        TableIds.ThrowIfOutside("gather rows", Span(rows), source.Rows, "row");
        RowJob<GatherRowsKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(output.Rows, output.Columns),
            new(CpuDevice.Pointer(source), source.RowStride, CpuDevice.Pointer(rows), CpuDevice.Pointer(output), output.RowStride));
    }

    protected override void CollectRowsCore(RowGradient gradient, long mostRows, ReadOnlySpan<IndexTensor> ids)
    {
        foreach (var array in ids)
        {
            TableIds.ThrowIfOutside("collect rows", Span(array), gradient.TableRows);
        }

        RowCollection.Collect(_device, gradient, mostRows, ids);
    }

    protected override void MergeRowsCore(RowGradient a, RowGradient b, RowGradient sum)
    {
        var rowsA = Span(a.Rows);
        var rowsB = Span(b.Rows);
        using var places = _device.Scratch.Rent(2L * (rowsA.Length + rowsB.Length));
        var placesA = (int*)places.Pointer;
        var placesB = placesA + rowsA.Length + rowsB.Length;
        var rows = CpuDevice.Pointer(sum.Reserve((long)rowsA.Length + rowsB.Length));
        var count = 0;
        for (int i = 0, j = 0; i < rowsA.Length || j < rowsB.Length; count++)
        {
            var (rowA, rowB) = (i < rowsA.Length ? rowsA[i] : int.MaxValue, j < rowsB.Length ? rowsB[j] : int.MaxValue);
            rows[count] = Math.Min(rowA, rowB);
            placesA[count] = rowA <= rowB ? i++ : -1;
            placesB[count] = rowB <= rowA ? j++ : -1;
        }

        sum.Use(count);
        RowJob<MergeRowsKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(count, sum.Columns),
            new(CpuDevice.Pointer(a.Values), placesA, CpuDevice.Pointer(b.Values), placesB, CpuDevice.Pointer(sum.Values), sum.Columns));
    }

    protected override void AddRowsCore(RowGradient gradient, Tensor dense)
    {
        var values = gradient.Values;
        RowJob<AddRowsKernel>.Run(
            _device.Workers,
            RowSplit.OfRows(values.Rows, values.Columns),
            new(CpuDevice.Pointer(values), values.RowStride, new NamedRows(CpuDevice.Pointer(gradient.Rows), gradient.Count), CpuDevice.Pointer(dense),
            dense.RowStride));
    }

    private static ReadOnlySpan<int> Span(IndexTensor ids) => new(CpuDevice.Pointer(ids), ids.Length);

    /// <summary>A row of sums, up to a whole register and a cache line apart from the next.</summary>
    private static int SumValues(int columns) => ((columns + 15) / 16 * 16) + 16;

    private void AddToTable(IndexTensor ids, float scale, DropoutSite dropout, Tensor dOutput, Tensor table, bool accumulate)
    {
        TableIds.ThrowIfOutside("embed sequences backward", Span(ids), table.Rows);
        if (!accumulate)
        {
            _device.Pointwise.Fill(table, 0);
        }

        // Padding sorts before everything else, and is left out.
        var (tokens, padding, columns) = (ids.Length, Span(ids).Count(0), dOutput.Columns);
        if (tokens == padding)
        {
            return;
        }

        using var integers = _device.Scratch.Rent(tokens + IdOrder.ScratchIntegers(tokens));
        var order = (int*)integers.Pointer;
        IdOrder.Sort(CpuDevice.Pointer(ids), tokens, table.Rows, order, order + tokens);

        var wordValues = DropoutRows.ScratchValues(dropout, columns, _device.Threads);
        using var scratch = _device.Scratch.Rent(wordValues + ((long)SumValues(columns) * _device.Threads));
        var job = new TableGradientJob(
            CpuDevice.Pointer(ids), order + padding, tokens - padding, columns, scale, new(dropout, columns, scratch.Pointer), CpuDevice.Pointer(dOutput),
            dOutput.RowStride,
            CpuDevice.Pointer(table), table.RowStride, accumulate, scratch.Pointer + wordValues, SumValues(columns));
        _device.Workers.Run(TableGradientJob.Chunks(tokens - padding), ref job);
    }

    private void AddToPositions(IndexTensor ids, JaggedLayout layout, DropoutSite dropout, Tensor dOutput, Tensor positions, bool accumulate)
    {
        var columns = dOutput.Columns;
        var wordValues = DropoutRows.ScratchValues(dropout, columns, _device.Threads);
        using var scratch = _device.Scratch.Rent(wordValues + ((long)SumValues(columns) * PositionGradientJob.BlockPositions * _device.Threads));
        var job = new PositionGradientJob(
            CpuDevice.Pointer(ids), layout, positions.Rows, columns, new(dropout, columns, scratch.Pointer), CpuDevice.Pointer(dOutput), dOutput.RowStride,
            CpuDevice.Pointer(positions), positions.RowStride, accumulate, scratch.Pointer + wordValues, SumValues(columns));
        _device.Workers.Run(PositionGradientJob.Chunks(positions.Rows), ref job);
    }
}
