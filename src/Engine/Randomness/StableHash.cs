using System.Text;

namespace LargeRec.Engine.Randomness;

/// <summary>
/// FNV-1a, 32 bits, over UTF-8: the same number for the same text in every process and on every machine,
/// which <see cref="string.GetHashCode()"/> does not promise. It names random sites by parameter path.
/// </summary>
public static class StableHash
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static uint Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The hash of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = OffsetBasis;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        return hash;
    }
}
