namespace LargeRec.Data.Sources;

/// <summary>What a file is by its first bytes.</summary>
internal enum FileKind
{
    Text,
    Gzip,
    Zip,
    Xlsx,
    Tar,
    TarGzip,
    Parquet,
}
