using LargeRec.Engine.Gpu.Attention;
using LargeRec.Engine.Gpu.Sorting;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Embedding;

/// <summary>Rows of tables on a GPU; gradients by sorting ids and summing segments.</summary>
internal sealed class GpuEmbeddingOperations(GpuDevice device) : EmbeddingOperations(device)
{
    protected override void EmbedSequencesCore(Tensor table, Tensor? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout,
        Tensor output)
    {
        device.RequireIds("embed sequences", ids, table.Rows);
        var rows = GpuLayout.Of(device, layout).Rows;
        device.Kernel("embedding.embed-sequences.plain")
            .Matrix(table).MatrixOr(positions, table).Int32(positions is null ? 0 : 1).Array(ids).Array(rows).Matrix(output)
            .Int32(layout.Tokens).Int32(table.Columns).Single(scale).Dropout(dropout).Elements(output.Shape.Count);
    }

    protected override void EmbedSequencesBackwardCore(
        IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, Tensor dOutput, GradientTarget dTable, GradientTarget dPositions)
    {
        if (dTable.Tensor is { } table)
        {
            device.RequireIds("embed sequences backward", ids, table.Rows);
            var sorted = SortedIds.Of(device, ids, table.Rows);
            device.Kernel("embedding.table-gradient.plain")
                .Array(sorted.Order).Array(sorted.Starts).Matrix(dOutput).Matrix(table)
                .Int32(table.Columns).Single(scale).Int32(dTable.Accumulate ? 1 : 0).Dropout(dropout).Groups(table.Rows);
            sorted.Release(device);
        }

        if (dPositions.Tensor is { } positions)
        {
            var offsets = GpuLayout.Of(device, layout).Offsets;
            device.Kernel("embedding.position-gradient.plain")
                .Array(ids).Array(offsets).Int32(layout.Sequences).Matrix(dOutput).Matrix(positions)
                .Int32(positions.Columns).Int32(dPositions.Accumulate ? 1 : 0).Dropout(dropout).Groups(positions.Rows);
        }
    }

    protected override void GatherRowsCore(Tensor source, IndexTensor rows, Tensor output)
    {
        device.RequireIds("gather rows", rows, source.Rows, "row");
        device.Kernel("embedding.gather-rows.plain").Matrix(source).Array(rows).Matrix(output).Int32(output.Rows).Int32(output.Columns)
            .Elements(output.Shape.Count);
    }
}
