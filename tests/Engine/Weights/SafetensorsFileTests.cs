using System.Buffers.Binary;
using System.Text;
using LargeRec.Engine.Weights;

namespace LargeRec.Engine.Tests.Weights;

public sealed class SafetensorsFileTests
{
    // Written by hand from the format's description: one F32 tensor [2] and metadata.
    private const string Sound = """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Test]
    public void Reads_a_file_written_by_hand()
    {
        using var file = Open(Sound + "   ", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        var entry = file.Get("w");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Entries, Has.Length.EqualTo(1));
            Assert.That(entry.Type, Is.EqualTo(SafetensorsType.F32));
            Assert.That(entry.Shape, Is.EqualTo([2L]));
            Assert.That(file.ReadSingles(entry), Is.EqualTo([1f, -2f]));
            Assert.That(file.Metadata["format"], Is.EqualTo("pt"));
            Assert.That(file.Find("v"), Is.Null);
        }
    }

    [Test]
    public void Reads_an_empty_file_of_weights()
    {
        using var file = Open("{}", []);
        Assert.That(file.Entries, Is.Empty);
    }

    [TestCase("F64", "000000000000F03F", 1f)]
    [TestCase("F16", "003C", 1f)]
    [TestCase("F16", "0100", 5.9604645e-8f)]
    [TestCase("BF16", "80BF", -1f)]
    [TestCase("F32", "0000803F", 1f)]
    public void Converts_floats(string code, string hex, float expected)
    {
        using var file = OpenOne(code, "[]", Convert.FromHexString(hex));
        Assert.That(file.ReadSingles(file.Get("w")), Is.EqualTo([expected]));
    }

    [TestCase("I64", "FEFFFFFFFFFFFFFF", -2)]
    [TestCase("I32", "FEFFFFFF", -2)]
    [TestCase("U8", "FE", 254)]
    [TestCase("BOOL", "01", 1)]
    public void Converts_whole_numbers(string code, string hex, long expected)
    {
        using var file = OpenOne(code, "[1]", Convert.FromHexString(hex));
        Assert.That(file.ReadInt64s(file.Get("w")), Is.EqualTo([expected]));
    }

    [Test]
    public void Reads_a_slice_of_a_converted_tensor_longer_than_a_chunk()
    {
        var values = Enumerable.Range(0, 100_000).Select(i => (double)i).ToArray();
        var bytes = values.SelectMany(BitConverter.GetBytes).ToArray();
        using var file = OpenOne("F64", "[100,1000]", bytes);
        var slice = new float[90_000];
        file.ReadSingles(file.Get("w"), 7_000, slice);
        Assert.That(slice, Is.EqualTo(values.Skip(7_000).Take(90_000).Select(v => (float)v)));
    }

    [Test]
    public void A_slice_beyond_the_end_is_an_error()
    {
        using var file = OpenOne("F32", "[2]", new byte[8]);
        Assert.That(() => file.ReadSingles(file.Get("w"), 1, new float[2]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_double_too_large_for_a_float_is_an_error()
    {
        using var file = OpenOne("F64", "[1]", BitConverter.GetBytes(1e300));
        Assert.That(() => file.ReadSingles(file.Get("w")), Throws.TypeOf<WeightsFormatException>().With.Message.Contains("too large for a float"));
    }

    [Test]
    public void Floats_are_not_whole_numbers_and_the_other_way_round()
    {
        using var floats = OpenOne("F32", "[1]", new byte[4]);
        using var numbers = OpenOne("I32", "[1]", new byte[4]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => floats.ReadInt64s(floats.Get("w")), Throws.TypeOf<WeightsFormatException>());
            Assert.That(() => numbers.ReadSingles(numbers.Get("w")), Throws.TypeOf<WeightsFormatException>());
        }
    }

    [Test]
    public void A_missing_tensor_is_named_with_the_file()
    {
        using var file = Open("{}", []);
        Assert.That(() => file.Get("w"), Throws.TypeOf<WeightsFormatException>().With.Message.EqualTo("x.safetensors: there is no tensor 'w' among its 0"));
    }

    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "cut short")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "the file has 12")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8, "'w' is there twice")]
    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12 bytes, data_offsets give it 8")]
    [TestCase("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "overflows")]
    [TestCase("""{"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "overflows")]
    [TestCase("""{"w":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}""", 2, "dtype 'I16' is not supported (supported: F64, F32,")]
    [TestCase("""{"w":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", 2, "not a begin and an end")]
    [TestCase("""{"w":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}""", 2, "not a whole number")]
    [TestCase("""{"w":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}""", 2, "not a whole number")]
    [TestCase("""{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "leaves a hole")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlaps")]
    [TestCase("""{"w":{"dtype":"U8","shape":[1]}}""", 1, "data_offsets is missing")]
    [TestCase("""{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"scale":2}}""", 1, "unknown field 'scale'")]
    [TestCase("""{"w":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}""", 1, "dtype is a number")]
    [TestCase("""{"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype is there twice")]
    [TestCase("""{"w":3}""", 0, "'w' is a number, not an object")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "metadata 'a' is a number")]
    [TestCase("""{"a\nb":3}""", 0, "'a?b' is a number")]
    [TestCase("""[1]""", 0, "not a JSON object")]
    [TestCase("""{"w":""", 0, "not valid JSON")]
    [TestCase("""{"w":{"a":{"b":{"c":{"d":1}}}}}""", 0, "x.safetensors")]
    public void Says_in_one_line_what_is_wrong(string json, int dataBytes, string expected)
    {
        Assert.That(() => Open(json, new byte[dataBytes]), Throws.TypeOf<WeightsFormatException>()
            .With.Message.StartsWith("x.safetensors: ").And.Message.Contains(expected).And.Message.Not.Contains('\n'));
    }

    [Test]
    public void Text_that_is_not_utf8_is_an_error()
    {
        Assert.That(() => Open([.. "{\""u8, 0xFF, .. "\":{}}"u8], []), Throws.TypeOf<WeightsFormatException>());
    }

    [TestCase(0)]
    [TestCase(7)]
    public void Too_few_bytes_are_an_error(int length)
    {
        Assert.That(() => SafetensorsFile.Open(new MemoryStream(new byte[length]), "x.safetensors"), Throws.TypeOf<WeightsFormatException>());
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(1ul << 63)]
    [TestCase(100_000_001ul)]
    [TestCase(93ul)]
    public void A_header_longer_than_the_file_is_an_error(ulong claimed)
    {
        var bytes = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
        Assert.That(() => SafetensorsFile.Open(new MemoryStream(bytes), "x.safetensors"),
            Throws.TypeOf<WeightsFormatException>().With.Message.Contains("the header claims"));
    }

    private static SafetensorsFile OpenOne(string code, string shape, byte[] data) =>
        Open($$$"""{"w":{"dtype":"{{{code}}}","shape":{{{shape}}},"data_offsets":[0,{{{data.Length}}}]}}""", data);

    private static SafetensorsFile Open(string json, byte[] data) => Open(Encoding.UTF8.GetBytes(json), data);

    private static SafetensorsFile Open(byte[] json, byte[] data)
    {
        var stream = new MemoryStream();
        stream.Write(BitConverter.GetBytes((ulong)json.Length));
        stream.Write(json);
        stream.Write(data);
        return SafetensorsFile.Open(stream, "x.safetensors");
    }
}
