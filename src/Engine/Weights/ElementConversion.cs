using System.Buffers.Binary;

namespace LargeRec.Engine.Weights;

/// <summary>Little-endian bytes of one element type into another's values.</summary>
internal static class ElementConversion
{
    public static bool IsFloat(SafetensorsType type) =>
        type is SafetensorsType.F64 or SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16;

    /// <summary>Converts; false where a finite double does not fit a float.</summary>
    public static bool TryToSingles(SafetensorsType type, ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        switch (type)
        {
            case SafetensorsType.F32:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                return true;
            case SafetensorsType.F16:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                return true;
            case SafetensorsType.BF16:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                return true;
            default:
                return TryNarrow(bytes, destination);
        }
    }

    /// <summary>Converts I64, I32, U8 or BOOL.</summary>
    public static void ToInt64s(SafetensorsType type, ReadOnlySpan<byte> bytes, Span<long> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
                SafetensorsType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
                _ => bytes[i],
            };
        }
    }

    private static bool TryNarrow(ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var wide = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
            destination[i] = (float)wide;
            if (float.IsInfinity(destination[i]) && double.IsFinite(wide))
            {
                return false;
            }
        }

        return true;
    }
}
