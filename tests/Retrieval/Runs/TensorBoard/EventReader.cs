using System.Buffers.Binary;

namespace LargeRec.Retrieval.Tests.Runs.TensorBoard;

/// <summary>
/// Reads event files as TensorBoard does and shares no code with what writes them: TFRecord framing with a bit-by-bit CRC-32C of the reversed polynomial
/// 0x82F63B78, messages by protoc's code. Anything unexpected fails the test.
/// </summary>
internal static class EventReader
{
    public static IReadOnlyList<Event> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var events = new List<Event>();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.That(bytes.Length - at, Is.GreaterThanOrEqualTo(16), "half a record");
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at, 8));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8, 4)), Is.EqualTo(Masked(bytes.AsSpan(at, 8))),
                $"checksum of the length at {at}");
            var message = bytes.AsSpan(at + 12, length);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length, 4)), Is.EqualTo(Masked(message)),
                $"checksum of the message at {at}");
            var read = Event.Parser.ParseFrom(message);
            Assert.That(read.CalculateSize(), Is.EqualTo(length), "fields that the schema does not have");
            events.Add(read);
            at += 16 + length;
        }

        return events;
    }

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFF;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }
}
