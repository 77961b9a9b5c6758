namespace LargeRec.Bench.Attention;

/// <summary>A batch of equally long sequences.</summary>
internal readonly record struct AttentionShape(string Name, int Sequences, int Length, int Heads, int Width)
{
    /// <summary>Scores at or below the diagonal, over all heads.</summary>
    private double Scores => (double)Sequences * Heads * Length * (Length + 1) / 2;

    /// <summary>Floating-point operations of forward's two products.</summary>
    public double Forward => Scores * 4 * Width;

    /// <summary>And of backward's five.</summary>
    public double Backward => Scores * 10 * Width;

    public static IReadOnlyList<AttentionShape> All { get; } =
    [
        new("D 50, 1 head", 128, 200, 1, 50),
        new("cached, D 50", 8, 200, 1, 50),
        new("D 50, 2 heads", 128, 200, 2, 25),
        new("D 64, 1 head", 128, 200, 1, 64),
        new("D 256, 8 heads", 32, 200, 8, 32),
        new("length 1000", 8, 1000, 2, 32),
        new("length 8192", 1, 8192, 1, 64),
    ];
}
