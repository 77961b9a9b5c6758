using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>What the tiles of a block of rows, panels and depth have in common.</summary>
internal unsafe struct TileRun
{
    /// <summary>The packed left block, or the place of its first row and step of depth in the operand.</summary>
    public float* Left;

    /// <summary>The packed panels, or the operand's first row of this depth: from the column where <see cref="FirstVector"/> starts.</summary>
    public float* Right;
    public int FirstVector;
    public int Depth;

    /// <summary>The first row in the result.</summary>
    public int Row;
    public EvenCuts Tiles;

    /// <summary>A tile of sums for the epilogue.</summary>
    public float* Sums;

    /// <summary>Where sums go: the result or a partial result.</summary>
    public float* Target;
    public nint TargetStride;
    public int TargetColumns;

    /// <summary>Whether what the target holds is added to.</summary>
    public bool Continues;

    /// <summary>Whether the sums are complete and an epilogue follows.</summary>
    public bool Finishes;

    public readonly void Run<TVector, TActivation>(in MatrixProductArguments product, in ProductPlan plan, int panel, int tile)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var start = Tiles.Start(tile);
        var count = Tiles.Start(tile + 1) - start;
        var firstVector = plan.PanelStart(panel);
        var vectors = plan.PanelStart(panel + 1) - firstVector;
        var column = firstVector * TVector.Width;
        var columns = Math.Min(vectors * TVector.Width, TargetColumns - column);
        var place = Target + ((Row + start) * TargetStride) + column;
        var block = new ProductTile
        {
            Right = Right + ((plan.PacksRight ? (nint)Depth : 1) * (firstVector - FirstVector) * TVector.Width),
            RightStep = plan.PacksRight ? vectors * TVector.Width : product.RightStride,
            Depth = Depth,
            Initial = Continues ? place : null,
            InitialStride = TargetStride,
            Result = Finishes ? Sums : place,
            ResultStride = Finishes ? vectors * TVector.Width : TargetStride,
            LastLanes = columns - ((vectors - 1) * TVector.Width),
        };
        if (plan.PacksLeft)
        {
            block.Left = Left + ((nint)start * Depth);
            block.LeftRow = 1;
            block.LeftStep = count;
        }
        else if (product.TransposeLeft)
        {
            block.Left = Left + start;
            block.LeftRow = 1;
            block.LeftStep = product.LeftStride;
        }
        else
        {
            block.Left = Left + (start * product.LeftStride);
            block.LeftRow = product.LeftStride;
            block.LeftStep = 1;
        }

        if (Finishes)
        {
            // The sums take the time that these lines need.
            ProductEpilogue.Prefetch(product, Row + start, count, column, columns);
        }

        ProductTile.Run<TVector>(count, vectors, block);
        if (Finishes)
        {
            ProductEpilogue.Finish<TVector, TActivation>(product, Sums, vectors * TVector.Width, Row + start, count, column, columns);
        }
    }
}
