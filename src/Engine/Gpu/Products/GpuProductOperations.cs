using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Products;

/// <summary>Matrix products on a GPU, by the variant that the device takes for their shape.</summary>
internal sealed class GpuProductOperations(GpuDevice device) : ProductOperations(device)
{
    private const int Accumulate = 1;
    private const int HasBias = 2;
    private const int HasPreActivation = 4;
    private const int HasResidual = 8;

    /// <summary>Groups that fill a large device.</summary>
    private const int ManyGroups = 512;

    /// <summary>The fewest k that are worth a part of their own.</summary>
    private const int LeastOfPart = 256;

    protected override void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue)
    {
        var k = transposeA ? a.Rows : a.Columns;
        var isTiled = device.VariantOf(KernelFamilies.Product, new KernelShape(output.Rows, output.Columns, k)).Name == KernelFamilies.Tiled;
        var side = isTiled ? GroupSizes.WideTile : GroupSizes.ProductTile;
        var tiles = (long)((output.Rows + side - 1) / side) * ((output.Columns + side - 1) / side);
        var isBare = typeof(TActivation) == typeof(Identity) && epilogue is { Bias: null, PreActivation: null, Residual: null };
        if (isTiled && isBare && tiles <= ManyGroups / 2 && k >= 2 * LeastOfPart)
        {
            MultiplyByParts(a, transposeA, b, transposeB, output, k, (int)tiles, epilogue.Accumulate);
            return;
        }

        var flags = (epilogue.Accumulate ? Accumulate : 0) | (epilogue.Bias is null ? 0 : HasBias)
            | (epilogue.PreActivation is null ? 0 : HasPreActivation) | (epilogue.Residual is null ? 0 : HasResidual);
        Operands(isTiled ? device.Kernel<TActivation>("product.multiply", KernelFamilies.Tiled) : device.Kernel<TActivation>("product.multiply"), a, transposeA,
            b, transposeB)
            .Matrix(output)
            .Array(epilogue.Bias ?? output).MatrixOr(epilogue.PreActivation, output).MatrixOr(epilogue.Residual, output)
            .Int32(output.Rows).Int32(output.Columns).Int32(k).Int32(flags)
            .Groups(tiles);
    }

    private static KernelLaunch Operands(KernelLaunch launch, Tensor a, bool transposeA, Tensor b, bool transposeB) => launch
        .Array(a).Int32(transposeA ? 1 : a.RowStride).Int32(transposeA ? a.RowStride : 1)
        .Array(b).Int32(transposeB ? 1 : b.RowStride).Int32(transposeB ? b.RowStride : 1);

    /// <summary>A weight's gradient is a small matrix of long sums: stretches of them by groups of their own, added in order.</summary>
    private void MultiplyByParts(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, int k, int tiles, bool accumulate)
    {
        var parts = Math.Min(ManyGroups / tiles, k / LeastOfPart);
        var ofPart = (k + parts - 1) / parts;
        parts = (k + ofPart - 1) / ofPart;
        var (m, n) = (output.Rows, output.Columns);
        var sums = device.AllocateScratch(Shape.Matrix(parts * m, n));
        Operands(device.Kernel("product.multiply-parts.tiled"), a, transposeA, b, transposeB)
            .Array(sums).Int32(m).Int32(n).Int32(k).Int32(ofPart).Groups((long)parts * tiles);
        device.Kernel("product.sum-parts.tiled").Array(sums).Matrix(output).Int32(m).Int32(n).Int32(parts).Int32(accumulate ? 1 : 0).Elements((long)m * n);
        device.Release(sums);
    }
}
