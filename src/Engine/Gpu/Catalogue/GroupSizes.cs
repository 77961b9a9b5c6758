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

    /// <summary>A group a stretch of a sort or a scan.</summary>
    public const int Sort = 256;
}
