namespace LargeRec.Data.Catalogue;

/// <summary>The file that a publisher offers, and what is known about it.</summary>
public sealed record PublishedFile
{
    /// <summary>As the publisher calls it.</summary>
    public required string FileName { get; init; }

    public required Uri Address { get; init; }

    /// <summary>Bytes; null where it is not known.</summary>
    public long? Size { get; init; }

    /// <summary>Lower-case hexadecimal; null where none is published.</summary>
    public string? Md5 { get; init; }

    /// <summary>Lower-case hexadecimal; null where none is published.</summary>
    public string? Sha256 { get; init; }

    /// <summary>About how many bytes it unpacks to; null where it is not known, or where it is used as it is.</summary>
    public long? UnpackedSize { get; init; }

    /// <summary>Whether its content can be told from another's.</summary>
    public bool HasChecksum => Md5 is not null || Sha256 is not null;
}
