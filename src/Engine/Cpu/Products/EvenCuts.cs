namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// Things in a row cut evenly into pieces of at most some: seven rows in tiles of six are four and three, seven vectors of columns in panels of four likewise.
/// </summary>
internal readonly struct EvenCuts
{
    private readonly int _length;
    private readonly int _longer;

    /// <param name="total">Things to cut.</param>
    /// <param name="most">Things in a piece at most.</param>
    public EvenCuts(int total, int most)
    {
        Count = (total + most - 1) / most;
        (_length, _longer) = Math.DivRem(total, Math.Max(1, Count));
    }

    /// <summary>Rows in tiles.</summary>
    public static EvenCuts Rows(int rows) => new(rows, ProductTile.Rows);

    /// <summary>Pieces.</summary>
    public int Count { get; }

    /// <summary>The first thing of a piece; of the one after the last, the total.</summary>
    public int Start(int piece) => (piece * _length) + Math.Min(piece, _longer);
}
