namespace LargeRec.Engine.Cpu.Products;

/// <summary>Some rows cut evenly into tiles of at most <see cref="ProductTile.Rows"/>: seven rows are four and three, not six and one.</summary>
internal readonly struct RowTiles
{
    private readonly int _rows;
    private readonly int _taller;

    public RowTiles(int rows)
    {
        Count = (rows + ProductTile.Rows - 1) / ProductTile.Rows;
        (_rows, _taller) = Math.DivRem(rows, Math.Max(1, Count));
    }

    public int Count { get; }

    /// <summary>The first row of a tile; of the one after the last, the number of rows.</summary>
    public int Start(int tile) => (tile * _rows) + Math.Min(tile, _taller);
}
