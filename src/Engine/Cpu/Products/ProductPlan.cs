using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// How a product is cut: by its shape and the width of a vector alone, never by the number of threads, so that its bits do not depend on
/// them. Everything is cut evenly: seven vectors of columns are panels of four and three, not of four, two and one.
/// </summary>
internal readonly unsafe struct ProductPlan
{
    /// <summary>Longest piece of depth that a tile sums at once: a packed panel of this depth and two tiles of the left operand stay in L2 and L1.</summary>
    private const int LongestDepth = 384;

    /// <summary>Rows of the left operand that are packed at once, tiles; with their depth they fill a part of L2.</summary>
    private const int MostTiles = 32;

    /// <summary>Multiplications below which a chunk is not worth handing out (some 10 us).</summary>
    private const long LeastWork = 1 << 20;

    /// <summary>Chunks to aim for: enough that eight threads end at about the same time.</summary>
    private const int Chunks = 16;

    /// <summary>Floats of the right operand that a chunk packs for itself at once.</summary>
    private const int LargestPrivateRight = 96 * 1024;

    /// <summary>Floats of a packed right operand below which it stays in cache while rows go by (see <see cref="RowsFirst"/>).</summary>
    private const long MostRightOfRowsFirst = 32 * 1024;

    /// <summary>Floats that all partial results take together at most (unless there are only two).</summary>
    private const long LargestPartials = 2 << 20;

    /// <summary>Floats of the right operand packed for all chunks at once; a wider product is done in several.</summary>
    public const long LargestSharedRight = 4 << 20;

    private readonly EvenCuts _panels;

    private ProductPlan(in MatrixProductArguments product, int width, int panelVectors, bool serial)
    {
        Width = width;
        Rows = product.Rows;
        Depth = product.Depth;
        Vectors = (product.Columns + width - 1) / width;
        PanelVectors = panelVectors;
        _panels = new EvenCuts(Vectors, panelVectors);
        var tiles = (Rows + ProductTile.Rows - 1) / ProductTile.Rows;
        var work = (long)Rows * product.Columns * Depth;
        serial |= work < 2 * LeastWork;

        Slices = 1;
        RowsOfChunk = Math.Max(1, Math.Min(tiles, MostTiles)) * ProductTile.Rows;
        PanelsOfChunk = Panels;
        SharesRight = true;
        if (!serial && Depth >= 2048 && Depth >= 4 * (long)Math.Max(Rows, product.Columns))
        {
            var mostByMemory = Math.Max(2, LargestPartials / ((long)Rows * Vectors * width));
            Slices = (int)Math.Min(Math.Min(Chunks, mostByMemory), Math.Min(Depth / 512, work / LeastWork));
            SharesRight = false;
        }
        else if (!serial && tiles <= Chunks && Panels >= Chunks)
        {
            PanelsOfChunk = Math.Max((Panels + (2 * Chunks) - 1) / (2 * Chunks), (int)Math.Min(Panels, LeastWork / Math.Max(1, work / Panels)));
            SharesRight = false;
        }
        else if (!serial)
        {
            var leastTiles = (int)Math.Min(tiles, (LeastWork * tiles / Math.Max(1, work)) + 1);
            RowsOfChunk = Math.Clamp((tiles + Chunks - 1) / Chunks, Math.Min(leastTiles, MostTiles), MostTiles) * ProductTile.Rows;
        }

        // A residual in the result's place must not be overwritten by sums of a part of the depth.
        var inOnePiece = Slices == 1 && product.Residual != null && product.Residual == product.Result;
        DepthBlocks = inOnePiece ? 1 : Math.Max(1, ((Depth / Slices) + LongestDepth - 1) / LongestDepth);
        var stridesCollide = product.LeftStride % 512 == 0;
        RowsFirst = (long)BlockDepth * Vectors * width <= MostRightOfRowsFirst;
        PacksRight = tiles > 1 || product.TransposeRight || !EndsWithWholeVector(product.Columns, width);
        PacksLeft = Panels > 1 && (product.TransposeLeft || DepthBlocks > 1 || Panels > 4 || stridesCollide);
    }

    /// <summary>Lanes of a vector.</summary>
    public int Width { get; }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>Vectors in a row of the result, the last perhaps not full.</summary>
    public int Vectors { get; }

    /// <summary>Panels that the result's columns are cut into.</summary>
    public int Panels => _panels.Count;

    /// <summary>Vectors of the widest panel.</summary>
    public int PanelVectors { get; }

    /// <summary>Pieces of depth that are chunks of their own, each with its own partial result.</summary>
    public int Slices { get; }

    /// <summary>Pieces that a slice's depth is cut into.</summary>
    public int DepthBlocks { get; }

    /// <summary>Rows that share a packed left block; where the right operand is shared, rows of a chunk.</summary>
    public int RowsOfChunk { get; }

    /// <summary>Panels of a chunk.</summary>
    public int PanelsOfChunk { get; }

    /// <summary>
    /// Whether the right operand is packed. One tile of rows reads every element of it once: that costs less in place than with a copy before it.
    /// </summary>
    public bool PacksRight { get; }

    /// <summary>Whether chunks are rows that meet the whole right operand: if it is packed, then once for all of them, not by each for itself.</summary>
    public bool SharesRight { get; }

    /// <summary>Whether the left operand is packed, not read in place.</summary>
    public bool PacksLeft { get; }

    /// <summary>Whether a tile's rows meet all panels before the next tile's do, so that the result is written row by row.</summary>
    public bool RowsFirst { get; }

    public int ChunkCount => Slices > 1 ? Slices
        : SharesRight ? (Rows + RowsOfChunk - 1) / RowsOfChunk
        : (Panels + PanelsOfChunk - 1) / PanelsOfChunk;

    /// <summary>The longest depth of a block.</summary>
    public int BlockDepth => (((Depth + Slices - 1) / Slices) + DepthBlocks - 1) / DepthBlocks;

    /// <summary>Panels of the right operand that a chunk packs for itself at once.</summary>
    public int PrivatePanels => Math.Clamp(LargestPrivateRight / Math.Max(1, BlockDepth * PanelVectors * Width), 1, PanelsOfChunk);

    /// <summary>Floats of these panels.</summary>
    private nint PrivateRightFloats => PacksRight && !SharesRight ? RoundToLine((nint)BlockDepth * PrivatePanels * PanelVectors * Width) : 0;

    /// <summary>Floats of the shared right operand.</summary>
    public nint SharedRightFloats => PacksRight && SharesRight ? (nint)Depth * Vectors * Width : 0;

    /// <summary>Floats of a packed left block, rounded to cache lines.</summary>
    public nint LeftFloats => PacksLeft ? RoundToLine((nint)Math.Min(RowsOfChunk, Rows) * BlockDepth) : 0;

    /// <summary>Floats of the sums of a tile that an epilogue reads.</summary>
    public nint TileFloats => ProductTile.Rows * PanelVectors * Width;

    /// <summary>Floats that a worker needs: a block of the left operand, the sums of a tile, panels of its own.</summary>
    public nint WorkerFloats => LeftFloats + TileFloats + PrivateRightFloats;

    /// <summary>Floats of a partial result.</summary>
    public nint PartialFloats => Slices > 1 ? (nint)Rows * Vectors * Width : 0;

    /// <summary>Floats of all scratch memory for a number of workers.</summary>
    public nint ScratchFloats(int workers) => SharedRightFloats + (workers * WorkerFloats) + (Slices * PartialFloats);

    /// <summary>Cuts a product.</summary>
    /// <param name="product">The product; one that is wider than <see cref="LargestSharedRight"/> allows must have been cut before.</param>
    /// <param name="serial">Whether it is to be one chunk.</param>
    public static ProductPlan Of<TVector>(in MatrixProductArguments product, bool serial)
        where TVector : unmanaged, IFloatVector<TVector> => new(product, TVector.Width, ProductTile.MaximumVectors<TVector>(), serial);

    /// <summary>The first vector of a panel; of the one after the last, the number of vectors.</summary>
    public int PanelStart(int panel) => _panels.Start(panel);

    /// <summary>The first step of depth of a block of a slice.</summary>
    public int DepthStart(int slice, int block)
    {
        var start = (long)slice * Depth / Slices;
        var end = (long)(slice + 1) * Depth / Slices;
        return (int)(start + (block * (end - start) / DepthBlocks));
    }

    /// <summary>Whether a row's last vector, or half of one (<see cref="ProductTile"/>), ends with the row, so that reading it whole stays within.</summary>
    private static bool EndsWithWholeVector(int columns, int width)
    {
        var left = columns % width;
        return left == 0 || (width == Float512.Width && left == Float256.Width);
    }

    private static nint RoundToLine(nint floats) => (floats + 15) & ~15;
}
