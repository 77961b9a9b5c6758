using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>A piece of a product that one worker computes: some rows, some panels of columns, one slice of the depth.</summary>
internal readonly unsafe struct ProductBlock
{
    /// <summary>Rows of an operand that are packed for all panels or tiles before the next: read while they are near, in the order in which they lie.</summary>
    private const int PackedRows = 16;

    /// <summary>First row, and the one after the last.</summary>
    public required int RowStart { get; init; }

    public required int RowEnd { get; init; }

    /// <summary>First panel, and the one after the last.</summary>
    public required int PanelStart { get; init; }

    public required int PanelEnd { get; init; }

    public required int Slice { get; init; }

    /// <summary>
    /// The whole right operand, packed; or null: the worker packs what it needs, or reads it in place (<see cref="ProductPlan.PacksRight"/>).
    /// </summary>
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
        var packsPrivately = plan.PacksRight && SharedRight == null;
        var panelStep = packsPrivately ? plan.PrivatePanels : Math.Max(1, PanelEnd - PanelStart);
        for (var block = 0; block < plan.DepthBlocks; block++)
        {
            var depthStart = plan.DepthStart(Slice, block);
            var depth = plan.DepthStart(Slice, block + 1) - depthStart;
            for (var panel = PanelStart; panel < PanelEnd; panel += panelStep)
            {
                var panelEnd = Math.Min(panel + panelStep, PanelEnd);
                var column = (nint)plan.PanelStart(panel) * TVector.Width;
                var right = plan.PacksRight
                    ? SharedRight + ((nint)depthStart * plan.Vectors * TVector.Width) + (depth * column)
                    : product.Right + (depthStart * product.RightStride) + column;
                if (packsPrivately)
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
        var firstColumn = plan.PanelStart(panelStart) * TVector.Width;
        var step = product.TransposeRight ? Math.Max(1, depth) : PackedRows;
        for (var k = 0; k < depth; k += step)
        {
            var steps = Math.Min(step, depth - k);
            for (var panel = panelStart; panel < panelEnd; panel++)
            {
                var column = plan.PanelStart(panel) * TVector.Width;
                var width = (plan.PanelStart(panel + 1) * TVector.Width) - column;
                var columns = Math.Min(width, product.Columns - column);
                var destination = packed + ((nint)depth * (column - firstColumn)) + ((nint)k * width);
                if (product.TransposeRight)
                {
                    ProductPacking.PackRightTransposed(
                        product.Right + (column * product.RightStride) + depthStart, product.RightStride, depth, columns, width, destination);
                }
                else
                {
                    ProductPacking.PackRight<TVector>(
                        product.Right + ((depthStart + k) * product.RightStride) + column, product.RightStride, steps, columns, width, destination);
                }
            }
        }
    }

    private static void PackLeft(in MatrixProductArguments product, int row, int rows, int depthStart, int depth, float* packed)
    {
        var tiles = EvenCuts.Rows(rows);
        var step = product.TransposeLeft ? PackedRows : Math.Max(1, depth);
        for (var k = 0; k < depth; k += step)
        {
            var steps = Math.Min(step, depth - k);
            for (var tile = 0; tile < tiles.Count; tile++)
            {
                var start = tiles.Start(tile);
                var count = tiles.Start(tile + 1) - start;
                var destination = packed + ((nint)start * depth) + (k * count);
                if (product.TransposeLeft)
                {
                    ProductPacking.PackLeftTransposed(
                        product.Left + ((depthStart + k) * product.LeftStride) + row + start, product.LeftStride, steps, count, destination);
                }
                else
                {
                    ProductPacking.PackLeft(
                        product.Left + ((row + start) * product.LeftStride) + depthStart, product.LeftStride, depth, count, destination);
                }
            }
        }
    }

    private void RunTiles<TVector, TActivation>(
        in MatrixProductArguments product, in ProductPlan plan, int block, int depthStart, int depth, int panelStart, int panelEnd, float* right, int row,
        int rows)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var run = new TileRun
        {
            Left = plan.PacksLeft ? Scratch : product.Left + (product.TransposeLeft ? row + (depthStart * product.LeftStride) : (row * product.LeftStride)
                + depthStart),
            Right = right,
            FirstVector = plan.PanelStart(panelStart),
            Depth = depth,
            Row = row,
            Tiles = EvenCuts.Rows(rows),
            Sums = Scratch + plan.LeftFloats,
            Target = Partial != null ? Partial : product.Result,
            TargetStride = Partial != null ? (nint)plan.Vectors * TVector.Width : product.ResultStride,
            TargetColumns = Partial != null ? plan.Vectors * TVector.Width : product.Columns,
            Continues = block > 0 || (Partial == null && product.Accumulate),
            Finishes = Partial == null && block == plan.DepthBlocks - 1 && ProductEpilogue.IsNeeded<TActivation>(product),
        };
        if (plan.RowsFirst)
        {
            for (var tile = 0; tile < run.Tiles.Count; tile++)
            {
                for (var panel = panelStart; panel < panelEnd; panel++)
                {
                    run.Run<TVector, TActivation>(product, plan, panel, tile);
                }
            }

            return;
        }

        for (var panel = panelStart; panel < panelEnd; panel++)
        {
            for (var tile = 0; tile < run.Tiles.Count; tile++)
            {
                run.Run<TVector, TActivation>(product, plan, panel, tile);
            }
        }
    }
}
