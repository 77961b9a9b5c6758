namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>Threads of a group, by how a kernel works; powers of two, since sums over a group halve it.</summary>
public static class GroupSizes
{
    /// <summary>A thread an element.</summary>
    public const int Elements = 256;

    /// <summary>A group a row (a token, a query, an item).</summary>
    public const int Row = 64;

    /// <summary>A group a square tile of a product.</summary>
    public const int Tile = ProductTile * ProductTile;

    /// <summary>Rows and columns of a product's tile.</summary>
    public const int ProductTile = 16;

    /// <summary>Rows and columns of a wide tile of a product, whose threads hold eight by eight sums each.</summary>
    public const int WideTile = 64;

    /// <summary>A group a wide tile.</summary>
    public const int WideTileThreads = WideTile;

    /// <summary>Rows and columns of a tile of attention's pairs, whose threads hold four by four scores each.</summary>
    public const int PairTile = 32;

    /// <summary>A group a tile of pairs.</summary>
    public const int PairTileThreads = 64;

    /// <summary>The widest head that a tile of pairs takes.</summary>
    public const int PairTileWidth = 64;

    /// <summary>A group a stretch of a sort or a scan.</summary>
    public const int Sort = 256;
}
