using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>What a thread sums for four rows of a tile and eight columns of a head, eight apart: a quad a column, its four values the rows'.</summary>
internal readonly struct WidthSums(Quad column0, Quad column1, Quad column2, Quad column3, Quad column4, Quad column5, Quad column6, Quad column7)
{
    public readonly Quad Column0 = column0;
    public readonly Quad Column1 = column1;
    public readonly Quad Column2 = column2;
    public readonly Quad Column3 = column3;
    public readonly Quad Column4 = column4;
    public readonly Quad Column5 = column5;
    public readonly Quad Column6 = column6;
    public readonly Quad Column7 = column7;
}
