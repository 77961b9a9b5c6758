using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Products;

/// <summary>Matrix products on a GPU.</summary>
internal sealed class GpuProductOperations(GpuDevice device) : ProductOperations(device)
{
    private const int Accumulate = 1;
    private const int HasBias = 2;
    private const int HasPreActivation = 4;
    private const int HasResidual = 8;

    protected override void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue)
    {
        const int Tile = GroupSizes.ProductTile;
        var flags = (epilogue.Accumulate ? Accumulate : 0) | (epilogue.Bias is null ? 0 : HasBias)
            | (epilogue.PreActivation is null ? 0 : HasPreActivation) | (epilogue.Residual is null ? 0 : HasResidual);
        var tiles = (long)((output.Rows + Tile - 1) / Tile) * ((output.Columns + Tile - 1) / Tile);
        device.Kernel<TActivation>("product.multiply")
            .Array(a).Int32(transposeA ? 1 : a.RowStride).Int32(transposeA ? a.RowStride : 1)
            .Array(b).Int32(transposeB ? 1 : b.RowStride).Int32(transposeB ? b.RowStride : 1)
            .Matrix(output)
            .Array(epilogue.Bias ?? output).MatrixOr(epilogue.PreActivation, output).MatrixOr(epilogue.Residual, output)
            .Int32(output.Rows).Int32(output.Columns).Int32(transposeA ? a.Rows : a.Columns).Int32(flags)
            .Groups(tiles);
    }
}
