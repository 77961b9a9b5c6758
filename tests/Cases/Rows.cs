namespace LargeRec.Cases;

/// <summary>Formulas of rows in float64 that several references share.</summary>
internal static class Rows
{
    /// <summary>(x − mean)/sqrt(variance + epsilon), the variance over D.</summary>
    public static double[] LayerNorm(ReadOnlySpan<double> row, double epsilon)
    {
        var (mean, variance) = (0.0, 0.0);
        foreach (var value in row)
        {
            mean += value / row.Length;
        }

        foreach (var value in row)
        {
            variance += (value - mean) * (value - mean) / row.Length;
        }

        var normalized = new double[row.Length];
        for (var d = 0; d < row.Length; d++)
        {
            normalized[d] = (row[d] - mean) / Math.Sqrt(variance + epsilon);
        }

        return normalized;
    }

    /// <summary>x/sqrt(mean of x² + epsilon).</summary>
    public static double[] RmsNorm(ReadOnlySpan<double> row, double epsilon)
    {
        var scale = 1 / Math.Sqrt((Dot(row, row) / row.Length) + epsilon);
        return [.. row.ToArray().Select(x => x * scale)];
    }

    /// <summary>Row r of a matrix.</summary>
    public static ReadOnlySpan<double> Of(double[] matrix, int row, int columns) => matrix.AsSpan(row * columns, columns);

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            sum += a[d] * b[d];
        }

        return sum;
    }

    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    /// <summary>a·b with a [rows, depth] and b [depth, columns].</summary>
    public static double[] Product(double[] a, double[] b, int rows, int depth, int columns)
    {
        var product = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < depth; k++)
            {
                for (var j = 0; j < columns; j++)
                {
                    product[(i * columns) + j] += a[(i * depth) + k] * b[(k * columns) + j];
                }
            }
        }

        return product;
    }

    /// <summary>The columns from start on, as a matrix of their own.</summary>
    public static double[] Columns(double[] matrix, int rows, int width, int start, int count)
    {
        var slice = new double[rows * count];
        for (var i = 0; i < rows; i++)
        {
            Array.Copy(matrix, (i * width) + start, slice, i * count, count);
        }

        return slice;
    }

    /// <summary>a + b.</summary>
    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
