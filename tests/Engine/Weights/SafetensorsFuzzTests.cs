using LargeRec.Engine.Weights;
using LargeRec.Fuzzing;

namespace LargeRec.Engine.Tests.Weights;

public sealed class SafetensorsFuzzTests
{
    private const string Name = "x.safetensors";

    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"", ",", ":", "\\n", "\\ud800", "null", "\"F32\"", "\"I64\"", "\"BF16\"", "\"dtype\":", "\"shape\":[0,",
            "\"data_offsets\":[0,0]", "__metadata__", "\"\"", " ", "\n"];

    [Test]
    public void A_damaged_file_is_read_or_refused_with_one_line_and_nothing_else()
        => new Fuzzer<WeightsFormatException>(Name, new Mutator([Sound(1), Sound(0), Empty()], Words).Make).Run(bytes =>
        {
            var written = Rewritten(bytes);
            FuzzFault.Unless(FuzzFault.Unless(() => Rewritten(written), "what was read and written again is refused").AsSpan().SequenceEqual(written),
                "what was read and written again is read as something else");
        });

    /// <summary>Reads all of a file, converted too, and writes it again.</summary>
    private static byte[] Rewritten(byte[] bytes)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes), Name);
        var tensors = new List<SafetensorsTensor>();
        var isTooLarge = false;
        foreach (var entry in file.Entries)
        {
            var raw = file.ReadBytes(entry);
            FuzzFault.Unless(raw.Length == entry.ByteCount, "an entry has other bytes than it says");
            tensors.Add(SafetensorsTensor.FromBytes(entry.Name, entry.Type, entry.Shape.AsSpan(), raw));
            try
            {
                var count = entry.Type is SafetensorsType.I64 or SafetensorsType.I32 or SafetensorsType.U8 or SafetensorsType.Bool
                    ? file.ReadInt64s(entry).Length
                    : file.ReadSingles(entry).Length;
                FuzzFault.Unless(count == entry.ElementCount, "an entry has other elements than it says");
            }
            catch (WeightsFormatException e) when (entry.Type == SafetensorsType.F64 && e.Message.StartsWith(Name, StringComparison.Ordinal))
            {
                isTooLarge = true;
            }
        }

        using var written = new MemoryStream();
        SafetensorsWriter.Write(written, tensors, file.Metadata);
        FuzzFault.Unless(!isTooLarge || tensors.Exists(t => t.Type == SafetensorsType.F64), "a double is too large where there are none");
        return written.ToArray();
    }

    private static byte[] Sound(int rows)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            [
                SafetensorsTensor.FromSingles("_item_emb.weight", [rows, 3, 2], new float[6 * rows]),
                SafetensorsTensor.FromInt64s("step", [], new long[] { 7 }),
                SafetensorsTensor.FromBytes("half", SafetensorsType.F16, [2], new byte[4]),
                SafetensorsTensor.FromBytes("double", SafetensorsType.F64, [1], BitConverter.GetBytes(1e300)),
                SafetensorsTensor.FromBytes("flags", SafetensorsType.Bool, [3], new byte[3]),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["by"] = "ü\n" });
        return stream.ToArray();
    }

    private static byte[] Empty()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, []);
        return stream.ToArray();
    }
}
