using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Tests.Cpu.Products;

/// <summary>
/// A product with operands of its own, its float64 truth and bounds of its error, and a result that is surrounded by sentinels.
/// </summary>
internal sealed unsafe class ProductCase
{
    private const float Sentinel = 12345.678f;
    private const int Margin = 40;

    private readonly float[] _left;
    private readonly float[] _right;
    private readonly float[] _bias;
    private readonly float[] _old;
    private readonly float[] _residual;

    public ProductCase(int rows, int columns, int depth, bool transposeLeft, bool transposeRight, int extraStride, uint seed)
    {
        (Rows, Columns, Depth, TransposeLeft, TransposeRight) = (rows, columns, depth, transposeLeft, transposeRight);
        LeftStride = (transposeLeft ? rows : depth) + extraStride;
        RightStride = (transposeRight ? depth : columns) + (2 * extraStride);
        ResultStride = columns + extraStride;
        _left = Numbers((transposeLeft ? depth : rows) * LeftStride, seed);
        _right = Numbers((transposeRight ? columns : depth) * RightStride, seed + 1);
        _bias = Numbers(columns, seed + 2);
        _old = Numbers(rows * ResultStride, seed + 3);
        _residual = Numbers(rows * ResultStride, seed + 4);
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Depth { get; }

    public bool TransposeLeft { get; }

    public bool TransposeRight { get; }

    public int LeftStride { get; }

    public int RightStride { get; }

    public int ResultStride { get; }

    public bool Accumulate { get; init; }

    public bool Bias { get; init; }

    public bool PreActivation { get; init; }

    public bool Residual { get; init; }

    /// <summary>The residual is the result's old content.</summary>
    public bool ResidualInPlace { get; init; }

    public override string ToString() =>
        $"[{Rows}, {Columns}, {Depth}] {(TransposeLeft ? 't' : 'n')}{(TransposeRight ? 't' : 'n')} strides {LeftStride} {RightStride} {ResultStride}"
        + $" accumulate {Accumulate} bias {Bias} pre {PreActivation} residual {Residual} in place {ResidualInPlace}";

    /// <summary>Runs the product; the result with its margins, and the pre-activation with its.</summary>
    public (float[] Result, float[] PreActivation) Run<TActivation>(MatrixProduct engine)
        where TActivation : struct, IPointwiseFunction
    {
        var result = WithMargins(_old);
        var preActivation = WithMargins(new float[Rows * ResultStride]);
        fixed (float* left = Guard(_left), right = Guard(_right), bias = Guard(_bias), residual = Guard(_residual), c = result, p = preActivation)
        {
            var product = new MatrixProductArguments
            {
                Rows = Rows,
                Columns = Columns,
                Depth = Depth,
                Left = left,
                LeftStride = LeftStride,
                TransposeLeft = TransposeLeft,
                Right = right,
                RightStride = RightStride,
                TransposeRight = TransposeRight,
                Result = c + Margin,
                ResultStride = ResultStride,
                Accumulate = Accumulate,
                Bias = Bias ? bias : null,
                PreActivation = PreActivation ? p + Margin : null,
                PreActivationStride = ResultStride,
                Residual = ResidualInPlace ? c + Margin : Residual ? residual : null,
                ResidualStride = ResultStride,
            };
            engine.Run<TActivation>(product);
        }

        return (result, preActivation);
    }

    /// <summary>A row of a result that <see cref="Run"/> gave.</summary>
    public ReadOnlySpan<float> Row(float[] result, int row) => result.AsSpan(Margin + (row * ResultStride), Columns);

    /// <summary>
    /// Compares with float64. A sum of K products with one rounding each is off by at most K·u·Σ|l·r| with u = 2^−24, in any order; the
    /// further additions round once each. The activation (SiLU: slope at most 1.1) hands that on and adds some 4e-7 of its own. Twice that
    /// bound is allowed; what is measured is far below.
    /// </summary>
    public void Check<TActivation>(MatrixProduct engine)
        where TActivation : struct, IPointwiseFunction
    {
        var (result, preActivation) = Run<TActivation>(engine);
        var silu = typeof(TActivation) == typeof(Silu);
        const double Unit = 1.0 / (1 << 24);
        for (var m = 0; m < Rows; m++)
        {
            for (var n = 0; n < Columns; n++)
            {
                double sum = 0, magnitude = 0;
                for (var k = 0; k < Depth; k++)
                {
                    var term = (double)_left[TransposeLeft ? (k * LeftStride) + m : (m * LeftStride) + k]
                        * _right[TransposeRight ? (n * RightStride) + k : (k * RightStride) + n];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                var at = (m * ResultStride) + n;
                sum += Accumulate ? _old[at] : 0;
                magnitude += Accumulate ? Math.Abs(_old[at]) : 0;
                sum += Bias ? _bias[n] : 0;
                magnitude += Bias ? Math.Abs(_bias[n]) : 0;
                var bound = 2 * (Depth + 2) * Unit * magnitude;
                if (PreActivation && !(Math.Abs(preActivation[Margin + at] - sum) <= bound))
                {
                    Assert.Fail($"{this}: pre-activation [{m}, {n}] is {preActivation[Margin + at]}, not {sum} ± {bound}");
                }

                var value = silu ? sum / (1 + Math.Exp(-sum)) : sum;
                var residual = ResidualInPlace ? _old[at] : Residual ? _residual[at] : 0;
                bound = silu ? (1.1 * bound) + (8e-7 * Math.Abs(value)) : bound;
                bound += 4 * Unit * (Math.Abs(residual) + Math.Abs(value));
                value += residual;
                if (!(Math.Abs(result[Margin + at] - value) <= bound))
                {
                    Assert.Fail($"{this}: result [{m}, {n}] is {result[Margin + at]}, not {value} ± {bound}");
                }
            }
        }

        CheckMargins(result, _old);
        CheckMargins(preActivation, new float[Rows * ResultStride]);
    }

    /// <summary>Everything but the columns of the rows must be as it was.</summary>
    private void CheckMargins(float[] memory, float[] before)
    {
        for (var i = 0; i < memory.Length; i++)
        {
            var at = i - Margin;
            var inside = at >= 0 && at < Rows * ResultStride;
            if (inside && at % ResultStride < Columns)
            {
                continue;
            }

            if (memory[i] != (inside ? before[at] : Sentinel))
            {
                Assert.Fail($"{this}: wrote at {at}, outside of the result");
            }
        }
    }

    private static float[] WithMargins(float[] content)
    {
        var memory = new float[content.Length + (2 * Margin)];
        Array.Fill(memory, Sentinel);
        content.CopyTo(memory, Margin);
        return memory;
    }

    /// <summary>Fixing an empty array gives a null pointer, which would mean that the operand is absent.</summary>
    private static float[] Guard(float[] content) => content.Length == 0 ? [float.NaN] : content;

    private static float[] Numbers(int count, uint seed)
    {
        var numbers = new float[count];
        var state = (seed * 2654435761u) + 12345u;
        for (var i = 0; i < count; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            numbers[i] = ((state >> 8) / 8388608f) - 1f;
        }

        return numbers;
    }
}
