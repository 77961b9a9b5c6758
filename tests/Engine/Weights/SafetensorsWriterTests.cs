using System.Buffers.Binary;
using System.Text;
using CsCheck;
using LargeRec.Engine.Weights;

namespace LargeRec.Engine.Tests.Weights;

public sealed class SafetensorsWriterTests
{
    private static readonly Gen<SafetensorsType> Types = Gen.Enum<SafetensorsType>();

    private static readonly Gen<(SafetensorsType Type, long[] Shape, byte[] Bytes)> Tensors =
        from type in Types
        from shape in Gen.Long[0, 5].Array[0, 4]
        from bytes in Gen.Byte.Array[(int)(shape.Aggregate(1L, (a, b) => a * b) * type.Size())]
        select (type, shape, bytes);

    [Test]
    public void What_is_written_is_read_back()
    {
        Gen.Select(Tensors.Array[0, 8], Gen.Dictionary(Gen.String.AlphaNumeric, Gen.String.AlphaNumeric)[0, 3]).Sample((tensors, metadata) =>
        {
            var written = tensors.Select((t, i) => SafetensorsTensor.FromBytes($"layer.{i} \"é\\\n", t.Type, t.Shape, t.Bytes)).ToArray();
            var bytes = Write(written, metadata);
            using var file = SafetensorsFile.Open(new MemoryStream(bytes), "x");
            Assert.That(file.Entries.Select(e => e.Name), Is.EqualTo(written.Select(t => t.Name)));
            Assert.That(file.Metadata, Is.EquivalentTo(metadata));
            foreach (var (entry, tensor) in file.Entries.Zip(tensors))
            {
                Assert.That(entry.Type, Is.EqualTo(tensor.Type));
                Assert.That(entry.Shape, Is.EqualTo(tensor.Shape));
                Assert.That(entry.ByteOffset % entry.Type.Size(), Is.Zero);
                Assert.That(file.ReadBytes(entry), Is.EqualTo(tensor.Bytes));
            }

            return true;
        }, iter: 300);
    }

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        var bytes = Write([SafetensorsTensor.FromSingles("w", [2], new float[] { 1f, -2f })], new() { ["b"] = "2", ["a"] = "1" });
        var header = """{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(bytes), Is.EqualTo(padded.Length));
            Assert.That(Encoding.UTF8.GetString(bytes, 8, padded.Length), Is.EqualTo(padded));
            Assert.That(bytes[(8 + padded.Length)..], Is.EqualTo(Convert.FromHexString("0000803F000000C0")));
        }
    }

    [Test]
    public void Chunks_from_a_callback_equal_values_from_memory()
    {
        var values = Enumerable.Range(0, 50_001).Select(i => i * 0.5f).ToArray();
        var fromMemory = Write([SafetensorsTensor.FromSingles("w", [50_001], values)], []);
        var fromCallback = Write(
            [SafetensorsTensor.FromSingles("w", [50_001], (first, destination) => values.AsSpan((int)first, destination.Length).CopyTo(destination))], []);
        Assert.That(fromCallback, Is.EqualTo(fromMemory));
    }

    [Test]
    public void Whole_numbers_are_read_back()
    {
        long[] values = [long.MinValue, -1, 0, long.MaxValue];
        using var file = SafetensorsFile.Open(new MemoryStream(Write([SafetensorsTensor.FromInt64s("n", [2, 2], values)], [])), "x");
        Assert.That(file.ReadInt64s(file.Get("n")), Is.EqualTo(values));
    }

    [Test]
    public void A_file_on_disk_is_replaced()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.safetensors");
        try
        {
            SafetensorsWriter.Write(path, [SafetensorsTensor.FromSingles("w", [3], new float[3])]);
            SafetensorsWriter.Write(path, [SafetensorsTensor.FromSingles("v", [1], new float[] { 5 })]);
            using var file = SafetensorsFile.Open(path);
            Assert.That(file.ReadSingles(file.Get("v")), Is.EqualTo([5f]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Wrong_shapes_and_names_are_errors()
    {
        var tensor = SafetensorsTensor.FromSingles("w", [1], new float[1]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => SafetensorsTensor.FromSingles("w", [2, 2], new float[3]), Throws.ArgumentException.With.Message.Contains("[2, 2]"));
            Assert.That(() => SafetensorsTensor.FromSingles("w", [-1, -1], new float[1]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => SafetensorsTensor.FromBytes("w", SafetensorsType.F16, [3], new byte[5]), Throws.ArgumentException);
            Assert.That(() => Write([tensor, tensor], []), Throws.ArgumentException);
            Assert.That(() => Write([SafetensorsTensor.FromSingles("__metadata__", [1], new float[1])], []), Throws.ArgumentException);
        }
    }

    private static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, Dictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }
}
