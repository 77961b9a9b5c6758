using ILGPU;

namespace LargeRec.Kernels.Optimizers;

/// <summary>Updates of parameters in place. The rates are numbers of the step, computed in float64 by the host.</summary>
internal static class OptimizerKernels
{
    /// <summary>p ·= decay; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; p −= rate·m/(√v·correction + ε).</summary>
    /// <param name="numbersOffset">Of decay, β1, 1 − β1, β2, 1 − β2, lr/(1 − β1^t), 1/√(1 − β2^t), ε, what a gradient counts.</param>
    [Kernel("optimizer", "adamw")]
    public static void AdamW(
        ArrayView<float> parameter, int parameterOffset, int parameterStride,
        ArrayView<float> gradient, int gradientOffset, int gradientStride,
        ArrayView<float> first, int firstOffset, int firstStride,
        ArrayView<float> second, int secondOffset, int secondStride,
        ArrayView<int> numbers, int numbersOffset, int rows, int columns)
    {
        var decay = Number(numbers, numbersOffset);
        var beta1 = Number(numbers, numbersOffset + 1);
        var rest1 = Number(numbers, numbersOffset + 2);
        var beta2 = Number(numbers, numbersOffset + 3);
        var rest2 = Number(numbers, numbersOffset + 4);
        var rate = Number(numbers, numbersOffset + 5);
        var correction = Number(numbers, numbersOffset + 6);
        var epsilon = Number(numbers, numbersOffset + 7);
        var scale = Number(numbers, numbersOffset + 8);
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            var g = scale * gradient[gradientOffset + (row * gradientStride) + column];
            var m = (beta1 * first[firstOffset + (row * firstStride) + column]) + (rest1 * g);
            var v = (beta2 * second[secondOffset + (row * secondStride) + column]) + (rest2 * g * g);
            first[firstOffset + (row * firstStride) + column] = m;
            second[secondOffset + (row * secondStride) + column] = v;
            var target = parameterOffset + (row * parameterStride) + column;
            parameter[target] = (parameter[target] * decay) - (rate * m / ((MathF.Sqrt(v) * correction) + epsilon));
        }
    }

    private static float Number(ArrayView<int> numbers, int index) => Interop.IntAsFloat((uint)numbers[index]);
}
