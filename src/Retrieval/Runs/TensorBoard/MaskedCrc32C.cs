using System.Numerics;

namespace LargeRec.Retrieval.Runs.TensorBoard;

/// <summary>
/// The checksum of TFRecord files: CRC-32C (Castagnoli, RFC 3720 B.4), rotated right by 15 bits plus a constant, so that a checksum of data that hold
/// checksums stays one.
/// </summary>
internal static class MaskedCrc32C
{
    private const uint Delta = 0xa282ead8;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + Delta;
    }
}
