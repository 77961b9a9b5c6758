using System.Buffers.Binary;
using System.Text;

namespace LargeRec.Fuzzing;

/// <summary>Makes damaged inputs of sound ones: bits, bytes, ranges, numbers (binary and written out) and words of the format.</summary>
/// <param name="seeds">Sound inputs, as the format's writer makes them.</param>
/// <param name="words">What the format, or an attack on it, is made of; inserted as it stands.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words)
{
    private const int MostGrowth = 4096;

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 32767, 65535, 65536, 1 << 20, 1 << 24, 1 << 30,
        int.MaxValue - 1, int.MaxValue, uint.MaxValue, 1L << 33, 1L << 40, long.MaxValue, -1, -2, -64, int.MinValue, long.MinValue,
    ];

    private static readonly string[] WrittenNumbers =
        [.. Numbers.Select(n => $"{n}"), "1e999", "-1e999", "1e-999", "0.5", "00", "1.", "NaN", "Infinity", "18446744073709551616",
            "340282356779733661637539395458142568448"];

    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(FuzzStream stream) => Damage(seeds[stream.Below(seeds.Count)], stream);

    /// <summary>Damages a copy.</summary>
    public byte[] Damage(byte[] seed, FuzzStream stream)
    {
        var bytes = new List<byte>(seed);
        var edits = 1 + stream.Below(stream.Below(8) == 0 ? 12 : 3);
        for (var i = 0; i < edits && bytes.Count > 0; i++)
        {
            Edit(bytes, stream);
            if (bytes.Count > seed.Length + MostGrowth)
            {
                bytes.RemoveRange(seed.Length, bytes.Count - seed.Length);
            }
        }

        return [.. bytes];
    }

    private void Edit(List<byte> bytes, FuzzStream stream)
    {
        var at = stream.Below(bytes.Count);
        switch (stream.Below(12))
        {
            case 0:
                bytes[at] ^= (byte)(1 << stream.Below(8));
                break;
            case 1:
                bytes[at] = (byte)stream.Below(256);
                break;
            case 2:
                bytes.RemoveRange(at, Length(bytes, at, stream));
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.InsertRange(stream.Below(bytes.Count), bytes.GetRange(at, Length(bytes, at, stream)));
                break;
            case 5:
                var moved = bytes.GetRange(at, Length(bytes, at, stream));
                bytes.RemoveRange(at, moved.Count);
                bytes.InsertRange(stream.Below(bytes.Count + 1), moved);
                break;
            case 6 or 7:
                OverwriteNumber(bytes, at, stream);
                break;
            case 8:
                ReplaceDigits(bytes, at, stream);
                break;
            case 9:
                var other = seeds[stream.Below(seeds.Count)];
                var from = other.Length == 0 ? 0 : stream.Below(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 + stream.Below(64))).ToArray());
                break;
            default:
                bytes.InsertRange(at, _words.Length == 0 ? [0] : _words[stream.Below(_words.Length)]);
                break;
        }
    }

    // Short ranges mostly: a long one leaves little of the format to go wrong.
    private static int Length(List<byte> bytes, int at, FuzzStream stream) => 1 + stream.Below(Math.Min(bytes.Count - at, stream.Below(4) == 0 ? 1024 : 16));

    private static void OverwriteNumber(List<byte> bytes, int at, FuzzStream stream)
    {
        var size = 1 << stream.Below(4);
        var start = stream.Below(2) == 0 ? at : at & -size;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, stream.Below(4) == 0 ? bytes.Count - 1 + stream.Below(3) : Numbers[stream.Below(Numbers.Length)]);
        for (var i = 0; i < size && start + i < bytes.Count; i++)
        {
            bytes[start + i] = number[i];
        }
    }

    private static void ReplaceDigits(List<byte> bytes, int at, FuzzStream stream)
    {
        var start = bytes.FindIndex(at, IsDigit);
        if (start < 0)
        {
            return;
        }

        var end = bytes.FindIndex(start, b => !IsDigit(b));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(WrittenNumbers[stream.Below(WrittenNumbers.Length)]));
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
