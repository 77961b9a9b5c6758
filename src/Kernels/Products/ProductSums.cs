using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Products;

/// <summary>The sums of a thread: rows 0 to 3 and 4 to 7 of its part of a tile, each with columns 0 to 3 (left) and 4 to 7 (right).</summary>
internal readonly struct ProductSums(
    Quad left0, Quad left1, Quad left2, Quad left3, Quad left4, Quad left5, Quad left6, Quad left7,
    Quad right0, Quad right1, Quad right2, Quad right3, Quad right4, Quad right5, Quad right6, Quad right7)
{
    public readonly Quad Left0 = left0;
    public readonly Quad Left1 = left1;
    public readonly Quad Left2 = left2;
    public readonly Quad Left3 = left3;
    public readonly Quad Left4 = left4;
    public readonly Quad Left5 = left5;
    public readonly Quad Left6 = left6;
    public readonly Quad Left7 = left7;
    public readonly Quad Right0 = right0;
    public readonly Quad Right1 = right1;
    public readonly Quad Right2 = right2;
    public readonly Quad Right3 = right3;
    public readonly Quad Right4 = right4;
    public readonly Quad Right5 = right5;
    public readonly Quad Right6 = right6;
    public readonly Quad Right7 = right7;

    /// <summary>With the products of a column of eight and a row of eight added.</summary>
    public ProductSums Plus(Quad upper, Quad lower, Quad left, Quad right) => new(
        Left0.Plus(upper.X, left), Left1.Plus(upper.Y, left), Left2.Plus(upper.Z, left), Left3.Plus(upper.W, left),
        Left4.Plus(lower.X, left), Left5.Plus(lower.Y, left), Left6.Plus(lower.Z, left), Left7.Plus(lower.W, left),
        Right0.Plus(upper.X, right), Right1.Plus(upper.Y, right), Right2.Plus(upper.Z, right), Right3.Plus(upper.W, right),
        Right4.Plus(lower.X, right), Right5.Plus(lower.Y, right), Right6.Plus(lower.Z, right), Right7.Plus(lower.W, right));
}
