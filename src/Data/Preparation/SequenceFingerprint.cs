using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LargeRec.Data.Preparation;

/// <summary>Tells events and their split apart from any others.</summary>
public static class SequenceFingerprint
{
    private const int ValuesAPiece = 1 << 24;

    /// <summary>
    /// SHA-256, in hexadecimal, of users' offsets, items, times, the raw ids of users and items, the candidates, and of what each part of the split has:
    /// whatever filters, options or reader made them.
    /// </summary>
    public static string Of(InteractionSequences sequences, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(split);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "offsets", sequences.Offsets);
        Append(hash, "items", sequences.Items);
        Append(hash, "times", sequences.Times);
        Append(hash, "users", sequences.UserIds.Text.Span);
        Append(hash, "user ends", sequences.UserIds.Ends.Span);
        Append(hash, "candidates", sequences.Catalogue.Candidates);
        if (sequences.Catalogue.Ids is { } ids)
        {
            Append(hash, "item ids", ids.Text.Span);
            Append(hash, "item ends", ids.Ends.Span);
        }

        Append(hash, "kind", [(byte)split.Kind]);
        Append(hash, "longest", [split.MaxLength]);
        Append(hash, "training ends", split.TrainingEnds);
        Append(hash, "training", split.Training.Span);
        Append(hash, "validation", split.Validation.Span);
        Append(hash, "test", split.Test.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The name and the count come first, so that no value can pass for one of another column.</summary>
    private static void Append<T>(IncrementalHash hash, string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} {values.Length}\n"));
        for (var rest = values; !rest.IsEmpty;)
        {
            var count = Math.Min(rest.Length, ValuesAPiece);
            hash.AppendData(MemoryMarshal.AsBytes(rest[..count]));
            rest = rest[count..];
        }
    }
}
