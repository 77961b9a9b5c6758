namespace LargeRec.Bench.Products;

/// <summary>A product to measure: result [Rows, Columns], sums of Depth terms.</summary>
internal readonly record struct ProductShape(string Name, int Rows, int Columns, int Depth, bool TransposeLeft = false, bool TransposeRight = false,
    bool OneThreadOnly = false)
{
    public double Operations => 2.0 * Rows * Columns * Depth;

    /// <summary>The shapes of HSTU's layers at 128 sequences of 200 tokens, their gradients, squares, and one sequence's attention.</summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        new("square 1024", 1024, 1024, 1024),
        new("square 2048", 2048, 2048, 2048),
        .. Layer("uvqk D 50", 25600, 50, 200),
        .. Layer("uvqk D 64", 25600, 64, 256),
        .. Layer("uvqk D 256", 25600, 256, 1024),
        new("output D 50", 25600, 50, 50, TransposeRight: true),
        new("output D 50 dX", 25600, 50, 50),
        new("output D 50 dW", 50, 50, 25600, TransposeLeft: true),
        new("scores", 200, 200, 50, TransposeRight: true, OneThreadOnly: true),
        new("values", 200, 50, 200, OneThreadOnly: true),
    ];

    private static ProductShape[] Layer(string name, int tokens, int input, int output) =>
    [
        new(name, tokens, output, input),
        new($"{name} dX", tokens, input, output, TransposeRight: true),
        new($"{name} dW", input, output, tokens, TransposeLeft: true),
    ];
}
