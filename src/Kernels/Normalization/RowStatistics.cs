using ILGPU;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Normalization;

/// <summary>Mean and 1/sqrt(variance + epsilon) of a row, the variance from the differences to the mean.</summary>
internal readonly struct RowStatistics(float mean, float inverseDeviation)
{
    public readonly float Mean = mean;

    public readonly float InverseDeviation = inverseDeviation;

    public static RowStatistics Of(ArrayView<float> x, int row, int columns, float epsilon, ArrayView<float> shared)
    {
        var sum = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            sum += x[row + column];
        }

        var mean = GroupSum.Of(shared, sum) / columns;
        var squares = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var difference = x[row + column] - mean;
            squares += difference * difference;
        }

        var variance = GroupSum.Of(shared, squares) / columns;
        return new RowStatistics(mean, 1f / MathF.Sqrt(variance + epsilon));
    }

    /// <summary>The same, or by the root mean square: a mean of 0 and 1/sqrt(mean of squares + epsilon).</summary>
    public static RowStatistics OfKind(ArrayView<float> x, int row, int columns, int isRms, float epsilon, ArrayView<float> shared)
    {
        var sum = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            sum += x[row + column];
        }

        var total = GroupSum.Of(shared, sum);
        var mean = isRms != 0 ? 0f : total / columns;
        var squares = 0f;
        for (var column = Group.IdxX; column < columns; column += Group.DimX)
        {
            var difference = x[row + column] - mean;
            squares += difference * difference;
        }

        return new RowStatistics(mean, 1f / MathF.Sqrt((GroupSum.Of(shared, squares) / columns) + epsilon));
    }

    public float Normalize(float value) => (value - Mean) * InverseDeviation;
}
