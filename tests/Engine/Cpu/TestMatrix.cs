using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>
/// A tensor for a kernel's test: contiguous, or a slice of a wider one, in either case with sentinels all around it.
/// </summary>
internal sealed class TestMatrix
{
    private const float Sentinel = -123456.75f;
    private readonly Tensor _whole;
    private readonly int _left;

    /// <param name="device">Where it lives; a step must be open.</param>
    /// <param name="strided">Whether there is a gap between rows.</param>
    /// <param name="values">Row-major values; null leaves the sentinels, as what an output must overwrite.</param>
    public TestMatrix(Device device, int rows, int columns, bool strided, float[]? values = null)
    {
        _left = strided ? 3 : 0;
        _whole = device.Allocate(Shape.Matrix(rows + 2, columns + (strided ? 8 : 0)));
        device.Upload(Enumerable.Repeat(Sentinel, (int)_whole.Shape.Count).ToArray(), _whole);
        Tensor = _whole.SliceRows(1, rows).SliceColumns(_left, columns);
        if (values is not null)
        {
            device.Upload(values, Tensor);
        }
    }

    public Tensor Tensor { get; }

    /// <summary>The values; fails if any around them has changed.</summary>
    public float[] Values()
    {
        var whole = _whole.ToArray();
        for (var i = 0; i < whole.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Math.Max(1, _whole.Columns));
            var isInside = row >= 1 && row <= Tensor.Rows && column >= _left && column < _left + Tensor.Columns;
            if (!isInside && whole[i] != Sentinel)
            {
                Assert.Fail($"the value at row {row - 1}, column {column - _left}, outside of {Tensor}, was overwritten with {whole[i]}");
            }
        }

        return Tensor.ToArray();
    }

    /// <summary>Values of N(mean, 1), the same for the same name.</summary>
    public static float[] Normal(string name, int count, float mean = 0)
    {
        var stream = new PhiloxStream(7, name);
        return Enumerable.Range(0, count).Select(_ => mean + (float)stream.NextNormal()).ToArray();
    }
}
