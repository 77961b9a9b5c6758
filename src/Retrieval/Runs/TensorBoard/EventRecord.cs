using System.Buffers.Binary;

namespace LargeRec.Retrieval.Runs.TensorBoard;

/// <summary>
/// An event (tensorflow/core/util/event.proto, summary.proto) as a record of a TFRecord file: its length in 8 bytes, their masked CRC-32C, the message, its
/// masked CRC-32C, all little-endian. An event's size depends on its step and names only, never on its time or values.
/// </summary>
internal static class EventRecord
{
    private const string FileVersion = "brain.Event:2";

    // Event
    private const int WallTimeField = 1;
    private const int StepField = 2;
    private const int FileVersionField = 3;
    private const int SummaryField = 5;

    // Summary and Summary.Value
    private const int ValueField = 1;
    private const int TagField = 1;
    private const int SimpleValueField = 2;

    /// <summary>What every file begins with.</summary>
    public static byte[] Header(DateTimeOffset time)
    {
        var message = new ProtobufWriter();
        message.WriteDouble(WallTimeField, Seconds(time));
        message.WriteText(FileVersionField, FileVersion);
        return Frame(message.Written);
    }

    /// <summary>Numbers of a step, by their tags.</summary>
    public static byte[] Scalars(DateTimeOffset time, long step, IEnumerable<KeyValuePair<string, double>> scalars)
    {
        var summary = new ProtobufWriter();
        foreach (var (tag, number) in scalars)
        {
            var value = new ProtobufWriter();
            value.WriteText(TagField, tag);
            value.WriteSingle(SimpleValueField, (float)number);
            summary.WriteMessage(ValueField, value);
        }

        var message = new ProtobufWriter();
        message.WriteDouble(WallTimeField, Seconds(time));
        message.WriteInt64(StepField, step);
        message.WriteMessage(SummaryField, summary);
        return Frame(message.Written);
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static byte[] Frame(ReadOnlySpan<byte> message)
    {
        const int Before = sizeof(ulong) + sizeof(uint);
        var record = new byte[Before + message.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), MaskedCrc32C.Of(record.AsSpan(0, sizeof(ulong))));
        message.CopyTo(record.AsSpan(Before));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Before + message.Length), MaskedCrc32C.Of(message));
        return record;
    }
}
