using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Cases.Functions;

/// <summary>The projections' shapes.</summary>
public static class ProjectionCases
{
    public static IEnumerable<OperationCase> All =>
    [
        Silu(0, 5, 7), Silu(1, 1, 1), Silu(3, 7, 5), Silu(17, 33, 65), Silu(33, 50, 40), Silu(129, 3, 2),
        Identity(0, 5, 7), Identity(1, 1, 1), Identity(7, 17, 33), Identity(65, 20, 9),
    ];

    public static OperationCase Silu(int rows, int depth, int columns) => new ProjectionCase<Silu>(rows, depth, columns, Rows.Silu);

    public static OperationCase Identity(int rows, int depth, int columns) => new ProjectionCase<Identity>(rows, depth, columns, x => x);
}
