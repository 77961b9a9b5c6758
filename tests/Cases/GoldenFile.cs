using System.Runtime.InteropServices;
using LargeRec.Engine;
using LargeRec.Engine.Tensors;
using LargeRec.Engine.Weights;

namespace LargeRec.Cases;

/// <summary>A file of tests/golden: inputs in float32 and what an independent script computed of them in float64.</summary>
public sealed class GoldenFile : IDisposable
{
    /// <summary>How far a tensor may lie from its golden values: max|a − b| ≤ 10⁻⁴·max|b|.</summary>
    public const double Tolerance = 1e-4;

    private readonly SafetensorsFile _file;

    private GoldenFile(SafetensorsFile file) => _file = file;

    /// <summary>The file itself.</summary>
    public SafetensorsFile File => _file;

    /// <summary>The names of all tensors.</summary>
    public IEnumerable<string> Names => _file.Entries.Select(e => e.Name);

    /// <summary>Opens tests/golden/name.safetensors of the checkout that the tests were built from.</summary>
    public static GoldenFile Open(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "golden", $"{name}.safetensors");
            if (System.IO.File.Exists(path))
            {
                return new(SafetensorsFile.Open(path));
            }
        }

        throw new FileNotFoundException($"tests/golden/{name}.safetensors was not found above {AppContext.BaseDirectory}");
    }

    public float[] Singles(string name) => _file.ReadSingles(_file.Get(name));

    /// <summary>A tensor of float64.</summary>
    public double[] Doubles(string name)
    {
        var entry = _file.Get(name);
        return entry.Type == SafetensorsType.F64
            ? MemoryMarshal.Cast<byte, double>(_file.ReadBytes(entry)).ToArray()
            : throw new InvalidDataException($"{name} is not of float64");
    }

    public int[] Integers(string name) => Array.ConvertAll(_file.ReadInt64s(_file.Get(name)), v => checked((int)v));

    /// <summary>A setting, "heads".</summary>
    public int Setting(string name) => Integers($"config.{name}")[0];

    /// <summary>The batch's layout with its times.</summary>
    public JaggedLayout Layout() => new(Integers("offsets"), Integers("event_seconds"), Integers("next_seconds"));

    /// <summary>A matrix in memory that outlives steps.</summary>
    public Tensor UploadPersistent(Device device, string name)
    {
        var shape = _file.Get(name).Shape;
        var tensor = device.AllocatePersistent(Shape.Matrix((int)shape[0], (int)shape[1]));
        device.Upload(Singles(name), tensor);
        return tensor;
    }

    /// <summary>max|a − b|/max|b| for the tensor b of this name; 0 where both are 0 throughout.</summary>
    public double RelativeError(string name, ReadOnlySpan<float> actual)
    {
        var expected = Doubles(name);
        if (expected.Length != actual.Length)
        {
            throw new ArgumentException($"'{name}' has {expected.Length} golden values; given are {actual.Length}");
        }

        var (error, largest) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            error = Math.Max(error, float.IsFinite(actual[i]) ? Math.Abs(actual[i] - expected[i]) : double.PositiveInfinity);
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        return error == 0 ? 0 : error / largest;
    }

    public void Dispose() => _file.Dispose();
}
