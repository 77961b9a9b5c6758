using System.Globalization;

namespace LargeRec.Engine.Tensors;

/// <summary>The extent of a tensor: a scalar, a vector or a matrix. A vector is one row, a scalar one row of one column.</summary>
public readonly record struct Shape
{
    private Shape(int rank, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (Rank, Rows, Columns) = (rank, rows, columns);
    }

    /// <summary>0 for a scalar, 1 for a vector, 2 for a matrix.</summary>
    public int Rank { get; }

    public int Rows { get; }

    public int Columns { get; }

    public static Shape Scalar => new(0, 1, 1);

    /// <summary>Number of values.</summary>
    public long Count => (long)Rows * Columns;

    public static Shape Vector(int length) => new(1, 1, length);

    public static Shape Matrix(int rows, int columns) => new(2, rows, columns);

    /// <summary>The dimensions as an interchange format lists them: none, [n] or [rows, columns].</summary>
    public int[] ToDimensions() => Rank switch
    {
        0 => [],
        1 => [Columns],
        _ => [Rows, Columns],
    };

    public override string ToString() => Rank switch
    {
        0 => "[]",
        1 => string.Create(CultureInfo.InvariantCulture, $"[{Columns}]"),
        _ => string.Create(CultureInfo.InvariantCulture, $"[{Rows}, {Columns}]"),
    };
}
