using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>A piece of a product that one worker computes: some rows, some panels of columns, one slice of the depth.</summary>
internal readonly unsafe struct ProductBlock
{
    /// <summary>First row, and the one after the last.</summary>
    public required int RowStart { get; init; }

    public required int RowEnd { get; init; }

    /// <summary>First panel, and the one after the last.</summary>
    public required int PanelStart { get; init; }

    public required int PanelEnd { get; init; }

    public required int Slice { get; init; }

    /// <summary>The whole right operand, packed; or null: the worker packs what it needs.</summary>
    public required float* SharedRight { get; init; }

    /// <summary>Where sums of a slice go, [Rows, Vectors·Width]; or null: finished, to the result.</summary>
    public required float* Partial { get; init; }

    /// <summary>The worker's <see cref="ProductPlan.WorkerFloats"/>.</summary>
    public required float* Scratch { get; init; }

    public void Run<TVector, TActivation>(in MatrixProductArguments product, in ProductPlan plan)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var packedLeft = Scratch;
        var privateRight = Scratch + plan.LeftFloats + plan.TileFloats;
        var panelStep = SharedRight != null ? Math.Max(1, PanelEnd - PanelStart) : plan.PrivatePanels;
        for (var block = 0; block < plan.DepthBlocks; block++)
        {
            var depthStart = plan.DepthStart(Slice, block);
            var depth = plan.DepthStart(Slice, block + 1) - depthStart;
            for (var panel = PanelStart; panel < PanelEnd; panel += panelStep)
            {
                var panelEnd = Math.Min(panel + panelStep, PanelEnd);
                var right = SharedRight + ((nint)depthStart * plan.Vectors * TVector.Width) + ((nint)depth * plan.PanelStart(panel) * TVector.Width);
                if (SharedRight == null)
                {
                    right = privateRight;
                    PackRight<TVector>(product, plan, depthStart, depth, panel, panelEnd, right);
                }

                for (var row = RowStart; row < RowEnd; row += plan.RowsOfChunk)
                {
                    var rows = Math.Min(plan.RowsOfChunk, RowEnd - row);
                    if (plan.PacksLeft)
                    {
                        PackLeft(product, row, rows, depthStart, depth, packedLeft);
                    }

                    RunTiles<TVector, TActivation>(product, plan, block, depthStart, depth, panel, panelEnd, right, row, rows);
                }
            }
        }
    }

    /// <summary>Packs some panels of a piece of depth, one after the other.</summary>
    public static void PackRight<TVector>(
        in MatrixProductArguments product, in ProductPlan plan, int depthStart, int depth, int panelStart, int panelEnd, float* packed)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var panel = panelStart; panel < panelEnd; panel++)
        {
            var column = plan.PanelStart(panel) * TVector.Width;
            var width = (plan.PanelStart(panel + 1) * TVector.Width) - column;
            var columns = Math.Min(width, product.Columns - column);
            if (product.TransposeRight)
            {
                ProductPacking.PackRightTransposed(
                    product.Right + (column * product.RightStride) + depthStart, product.RightStride, depth, columns, width, packed);
            }
            else
            {
                ProductPacking.PackRight<TVector>(
                    product.Right + (depthStart * product.RightStride) + column, product.RightStride, depth, columns, width, packed);
            }

            packed += (nint)depth * width;
        }
    }

    /// <summary>The first row of a tile when some rows are cut evenly; of the one after the last, their number.</summary>
    private static int TileStart(int tile, int tiles, int rows) => tile * rows / tiles;

    private static int TileCountOf(int rows) => (rows + ProductTile.Rows - 1) / ProductTile.Rows;

    private static void PackLeft(in MatrixProductArguments product, int row, int rows, int depthStart, int depth, float* packed)
    {
        var tiles = TileCountOf(rows);
        for (var tile = 0; tile < tiles; tile++)
        {
            var start = TileStart(tile, tiles, rows);
            var count = TileStart(tile + 1, tiles, rows) - start;
            var destination = packed + ((nint)start * depth);
            if (product.TransposeLeft)
            {
                ProductPacking.PackLeftTransposed(
                    product.Left + (depthStart * product.LeftStride) + row + start, product.LeftStride, depth, count, destination);
            }
            else
            {
                ProductPacking.PackLeft(
                    product.Left + ((row + start) * product.LeftStride) + depthStart, product.LeftStride, depth, count, destination);
            }
        }
    }

    private void RunTiles<TVector, TActivation>(
        in MatrixProductArguments product, in ProductPlan plan, int block, int depthStart, int depth, int panelStart, int panelEnd, float* right, int row, int rows)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var plain = typeof(TActivation) == typeof(Identity) && product.Bias == null && product.PreActivation == null && product.Residual == null;
        var finishes = !plain && Partial == null && block == plan.DepthBlocks - 1;
        var target = Partial != null ? Partial : product.Result;
        var targetStride = Partial != null ? (nint)plan.Vectors * TVector.Width : product.ResultStride;
        var continues = block > 0 || (Partial == null && product.Accumulate);
        var sums = Scratch + plan.LeftFloats;
        var left = product.Left + (product.TransposeLeft ? row + (depthStart * product.LeftStride) : (row * product.LeftStride) + depthStart);
        var tiles = TileCountOf(rows);
        var tileBlock = new ProductTile { Depth = depth, InitialStride = targetStride };
        for (var panel = panelStart; panel < panelEnd; panel++)
        {
            var column = plan.PanelStart(panel) * TVector.Width;
            var vectors = plan.PanelStart(panel + 1) - plan.PanelStart(panel);
            var columns = Partial != null ? vectors * TVector.Width : Math.Min(vectors * TVector.Width, product.Columns - column);
            tileBlock.Right = right;
            tileBlock.RightStep = vectors * TVector.Width;
            tileBlock.LastLanes = columns - ((vectors - 1) * TVector.Width);
            for (var tile = 0; tile < tiles; tile++)
            {
                var start = TileStart(tile, tiles, rows);
                var count = TileStart(tile + 1, tiles, rows) - start;
                if (plan.PacksLeft)
                {
                    tileBlock.Left = Scratch + ((nint)start * depth);
                    tileBlock.LeftRow = 1;
                    tileBlock.LeftStep = count;
                }
                else if (product.TransposeLeft)
                {
                    tileBlock.Left = left + start;
                    tileBlock.LeftRow = 1;
                    tileBlock.LeftStep = product.LeftStride;
                }
                else
                {
                    tileBlock.Left = left + (start * product.LeftStride);
                    tileBlock.LeftRow = product.LeftStride;
                    tileBlock.LeftStep = 1;
                }

                var place = target + ((row + start) * targetStride) + column;
                tileBlock.Initial = continues ? place : null;
                tileBlock.Result = finishes ? sums : place;
                tileBlock.ResultStride = finishes ? vectors * TVector.Width : targetStride;
                ProductTile.Run<TVector>(count, vectors, tileBlock);
                if (finishes)
                {
                    ProductEpilogue.Finish<TVector, TActivation>(product, sums, vectors * TVector.Width, row + start, count, column, columns);
                }
            }

            right += (nint)depth * vectors * TVector.Width;
        }
    }
}
