using LargeRec.Engine.Randomness;
using LargeRec.Engine.Weights;

namespace LargeRec.Engine.Tests.Weights;

public sealed class SafetensorsFuzzTests
{
    private const int Tries = 20_000;

    [Test]
    public void A_damaged_file_is_read_or_refused_with_one_line_and_nothing_else()
    {
        var sound = Sound();
        var stream = new PhiloxStream(2024, "fuzz");
        var refused = 0;
        for (var i = 0; i < Tries; i++)
        {
            var damaged = Damage(sound, stream);
            try
            {
                ReadAll(damaged);
            }
            catch (WeightsFormatException e)
            {
                refused++;
                Assert.That(e.Message, Does.StartWith("x: ").And.Not.Contain("\n"));
            }
        }

        // Damage to the data alone leaves a sound file; most of the file is header.
        Assert.That(refused, Is.InRange(Tries / 2, Tries - 1));
    }

    private static byte[] Sound()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            [
                SafetensorsTensor.FromSingles("_item_emb.weight", [3, 2], new float[6]),
                SafetensorsTensor.FromInt64s("step", [], new long[] { 7 }),
                SafetensorsTensor.FromBytes("half", SafetensorsType.F16, [2], new byte[4]),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        return stream.ToArray();
    }

    private static byte[] Damage(byte[] sound, PhiloxStream stream)
    {
        var bytes = sound.ToList();
        for (var edits = 1 + stream.NextBelow(4); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = stream.NextBelow(bytes.Count);
            switch (stream.NextBelow(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << stream.NextBelow(8));
                    break;
                case 1:
                    bytes[at] = "{}[]\",:0123456789\\ "u8[stream.NextBelow(19)];
                    break;
                case 2:
                    bytes.Insert(at, (byte)stream.NextBelow(256));
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, stream.NextBelow(16)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void ReadAll(byte[] bytes)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes), "x");
        foreach (var entry in file.Entries)
        {
            Assert.That(file.ReadBytes(entry), Has.Length.EqualTo(entry.ByteCount));
            _ = entry.Type is SafetensorsType.I64 or SafetensorsType.I32 or SafetensorsType.U8 or SafetensorsType.Bool
                ? file.ReadInt64s(entry).Length
                : file.ReadSingles(entry).Length;
        }
    }
}
