using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>Losses on the CPU. The choice between ways to sum the items' gradient falls by shape alone.</summary>
internal sealed unsafe class CpuLossOperations(CpuDevice device) : LossOperations(device)
{
    /// <summary>The most bytes that the tables of partial item gradients may take; a catalogue that does not fit has its pairs sorted by item
    /// instead.</summary>
    public long TableBytes { get; set; } = 64L << 20;

    /// <summary>The bytes from which on a catalogue that does not fit is beyond any cache, so that its pairs are dealt to ranges of items.</summary>
    public long RangedBytes { get; set; } = 64L << 20;

    protected override void SampledSoftmaxCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int catalogueRows, IndexTensor? usedRows, Tensor? offsets)
    {
        var inputs = Inputs(queries, items, labels, negatives, temperature, weight);
        inputs.Offsets = CpuDevice.PointerOrNull(offsets);
        *CpuDevice.Pointer(loss) = (float)(weight * Run(inputs, queryGradient, itemGradient, catalogueRows, usedRows));
    }

    protected override void SampledBinaryCrossEntropyCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float positivePower, float weight, Tensor loss,
        Tensor? queryGradient,
        Tensor? itemGradient)
    {
        var inputs = Inputs(queries, items, labels, negatives, temperature, weight);
        (inputs.IsBinary, inputs.PositivePower) = (true, positivePower);
        *CpuDevice.Pointer(loss) = (float)(weight * Run(inputs, queryGradient, itemGradient, items.Rows, usedRows: null));
    }

    protected override void FullSoftmaxCore(
        Tensor queries, Tensor items, Tensor? offsets, IndexTensor labels, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient) => *CpuDevice.Pointer(loss) =
            (float)(weight * FullSoftmaxLoss.Run(device, queries, items, offsets, labels, temperature, weight, queryGradient, itemGradient));

    private static SampledSoftmaxInputs Inputs(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight) => new()
        {
            Queries = CpuDevice.Pointer(queries),
            QueryStride = queries.RowStride,
            Items = CpuDevice.Pointer(items),
            ItemStride = items.RowStride,
            ItemColumns = items.Columns,
            Labels = CpuDevice.Pointer(labels),
            Negatives = CpuDevice.Pointer(negatives),
            TokenCount = queries.Rows,
            ItemCount = items.Rows,
            NegativesPerToken = queries.Rows == 0 ? 0 : negatives.Length / queries.Rows,
            Columns = queries.Columns,
            InverseTemperature = 1 / temperature,
            Weight = weight,
        };

    /// <summary>The sum of the tokens' losses, unweighted, and the gradients that are wanted.</summary>
    private double Run(SampledSoftmaxInputs inputs, Tensor? queryGradient, Tensor? itemGradient, int catalogueRows, IndexTensor? usedRows)
    {
        var lanes = (int)device.Width / 32;
        var paddedColumns = (inputs.Columns + lanes - 1) / lanes * lanes;
        var copies = paddedColumns != inputs.Columns && PaddedItems.Pays(inputs, paddedColumns);
        using var paddedItems = device.Scratch.Rent(copies ? (long)inputs.ItemCount * paddedColumns : 0);
        if (copies)
        {
            PaddedItems.Copy(device.Workers, ref inputs, paddedItems.Pointer, paddedColumns);
        }

        var groups = ItemGradientTables.GroupsFor(inputs.TokenCount, catalogueRows, paddedColumns, TableBytes);
        var goesByRange = groups == 0 && ItemRanges.Pays(inputs, catalogueRows, paddedColumns, RangedBytes);
        return goesByRange
            ? ItemRanges.Run(
                device, inputs, catalogueRows, CpuDevice.PointerOrNull(usedRows), CpuDevice.PointerOrNull(queryGradient), queryGradient?.RowStride ?? 0,
                CpuDevice.PointerOrNull(itemGradient), itemGradient?.RowStride ?? 0)
            : queryGradient is null || itemGradient is null ? SampledSoftmaxLoss.Run(device, inputs, null, 0, null)
            : groups > 0 ? ItemGradientTables.Run(device, inputs, queryGradient, itemGradient, groups, paddedColumns)
            : ItemGradientSegments.Run(device, inputs, queryGradient, itemGradient);
    }
}
