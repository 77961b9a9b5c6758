using ILGPU;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Pointwise;

/// <summary>Value by value over matrices [rows, columns] with row strides; a thread goes on to further elements in steps of the grid.</summary>
internal static class PointwiseKernels
{
    [Kernel("pointwise", "forward")]
    public static void Forward<TFunction>(
        ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, int rows, int columns)
        where TFunction : struct, IPointwiseFunction
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] = TFunction.Forward(new Lane(x[xOffset + (row * xStride) + column])).Value;
        }
    }

    /// <summary>dx (+)= f'(x)·dy.</summary>
    [Kernel("pointwise", "backward")]
    public static void Backward<TFunction>(
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> dy, int dyOffset, int dyStride,
        ArrayView<float> dx, int dxOffset, int dxStride,
        int rows, int columns, int accumulate)
        where TFunction : struct, IPointwiseFunction
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            var gradient = TFunction.Derivative(new Lane(x[xOffset + (row * xStride) + column])).Value * dy[dyOffset + (row * dyStride) + column];
            var target = dxOffset + (row * dxStride) + column;
            dx[target] = accumulate != 0 ? dx[target] + gradient : gradient;
        }
    }

    [Kernel("pointwise", "fill")]
    public static void Fill(ArrayView<float> x, int xOffset, int xStride, int rows, int columns, float value)
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            x[xOffset + (row * xStride) + (i - (row * columns))] = value;
        }
    }

    [Kernel("pointwise", "copy")]
    public static void Copy(ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, int rows, int columns)
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] = x[xOffset + (row * xStride) + column];
        }
    }

    /// <summary>y += factor·x.</summary>
    [Kernel("pointwise", "add")]
    public static void Add(
        ArrayView<float> x, int xOffset, int xStride, ArrayView<float> y, int yOffset, int yStride, int rows, int columns, float factor)
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] += factor * x[xOffset + (row * xStride) + column];
        }
    }

    [Kernel("pointwise", "dropout")]
    public static void Dropout(
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> y, int yOffset, int yStride,
        int rows, int columns,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] = mask.Of(x[xOffset + (row * xStride) + column], row, column, columns);
        }
    }

    /// <summary>y = residual + dropout(x).</summary>
    [Kernel("pointwise", "dropout-add")]
    public static void DropoutAdd(
        ArrayView<float> x, int xOffset, int xStride,
        ArrayView<float> residual, int residualOffset, int residualStride,
        ArrayView<float> y, int yOffset, int yStride,
        int rows, int columns,
        ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        var mask = new DropoutMask(numbers, numbersOffset, seedLow, seedHigh, site, threshold, scale);
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] =
                residual[residualOffset + (row * residualStride) + column] + mask.Of(x[xOffset + (row * xStride) + column], row, column, columns);
        }
    }

    /// <summary>y = f(a)·b.</summary>
    [Kernel("pointwise", "gate")]
    public static void Gate<TFunction>(
        ArrayView<float> a, int aOffset, int aStride,
        ArrayView<float> b, int bOffset, int bStride,
        ArrayView<float> y, int yOffset, int yStride,
        int rows, int columns)
        where TFunction : struct, IPointwiseFunction
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            y[yOffset + (row * yStride) + column] =
                TFunction.Forward(new Lane(a[aOffset + (row * aStride) + column])).Value * b[bOffset + (row * bStride) + column];
        }
    }

    /// <summary>da (+)= f'(a)·b·dy, db (+)= f(a)·dy, each where its flag says so; either may be dy.</summary>
    [Kernel("pointwise", "gate-backward")]
    public static void GateBackward<TFunction>(
        ArrayView<float> a, int aOffset, int aStride,
        ArrayView<float> b, int bOffset, int bStride,
        ArrayView<float> dy, int dyOffset, int dyStride,
        ArrayView<float> da, int daOffset, int daStride,
        ArrayView<float> db, int dbOffset, int dbStride,
        int rows, int columns, int aWanted, int accumulateA, int bWanted, int accumulateB)
        where TFunction : struct, IPointwiseFunction
    {
        for (var i = Grid.GlobalIndex.X; i < rows * columns; i += Grid.DimX * Group.DimX)
        {
            var row = i / columns;
            var column = i - (row * columns);
            var x = new Lane(a[aOffset + (row * aStride) + column]);
            var upstream = dy[dyOffset + (row * dyStride) + column];
            var ofA = TFunction.Derivative(x).Value * b[bOffset + (row * bStride) + column] * upstream;
            var ofB = TFunction.Forward(x).Value * upstream;
            if (aWanted != 0)
            {
                var target = daOffset + (row * daStride) + column;
                da[target] = accumulateA != 0 ? da[target] + ofA : ofA;
            }

            if (bWanted != 0)
            {
                var target = dbOffset + (row * dbStride) + column;
                db[target] = accumulateB != 0 ? db[target] + ofB : ofB;
            }
        }
    }
}
