using LargeRec.Engine;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Numbers for device tests, the same on every device and in every run.</summary>
internal static class Values
{
    /// <summary>What functions go wrong at: zeros, denormals, the ends of exp, infinities, NaN.</summary>
    public static float[] Edges { get; } =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        .. new[]
        {
            0f, float.Epsilon, 1e-40f, 1.17549435e-38f, 1e-30f, 1e-10f, 1e-4f, 0.1f, 0.5f, 0.6249f, 0.6251f, 0.9f, 1f, 1.5f, 2f, 3f, 5f, 7.9f, 8.1f, 9f, 10f,
                13.9f, 14.1f, 20f, 43f, 86f, 87.3f, 88f, 88.7f,
            88.8f, 103f, 104.1f, 127f, 128f, 1e3f, 16777216f, 1e10f, 1e20f, 1e30f, float.MaxValue,
        }.SelectMany(v => new[] { v, -v }),
    ];

    /// <summary>Uniform in [−scale, scale).</summary>
    public static float[] Uniform(string name, int count, float scale = 1)
    {
        var stream = new PhiloxStream(7, name);
        return [.. Enumerable.Range(0, count).Select(_ => scale * ((stream.NextUInt32() / 2147483648f) - 1))];
    }

    /// <summary>From low to below high.</summary>
    public static int[] Integers(string name, int count, int low, int high)
    {
        var stream = new PhiloxStream(8, name);
        return [.. Enumerable.Range(0, count).Select(_ => low + (int)(stream.NextUInt32() % (uint)(high - low)))];
    }

    /// <summary>A matrix in the middle of a larger one: whole is what to look at for writes beside it.</summary>
    public static (Tensor Whole, Tensor Part) Strided(Device device, string name, int rows, int columns)
    {
        var whole = device.Upload(Uniform(name, (rows + 2) * (columns + 5)), Shape.Matrix(rows + 2, columns + 5));
        return (whole, whole.SliceRows(1, rows).SliceColumns(3, columns));
    }
}
