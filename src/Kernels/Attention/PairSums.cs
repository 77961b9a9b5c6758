using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>The scores of a thread: four rows of a tile of pairs, each with four columns.</summary>
internal readonly struct PairSums(Quad row0, Quad row1, Quad row2, Quad row3)
{
    public readonly Quad Row0 = row0;
    public readonly Quad Row1 = row1;
    public readonly Quad Row2 = row2;
    public readonly Quad Row3 = row3;

    /// <summary>With the products of four values of a column and four of a row added.</summary>
    public PairSums Plus(Quad column, Quad row) => new(Row0.Plus(column.X, row), Row1.Plus(column.Y, row), Row2.Plus(column.Z, row), Row3.Plus(column.W, row));
}
