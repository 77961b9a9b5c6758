namespace LargeRec.Data.Download;

/// <summary>What a download is doing.</summary>
public enum DownloadStage
{
    /// <summary>Bytes come from the server.</summary>
    Fetching,

    /// <summary>The file is read again and its checksum computed.</summary>
    Verifying,

    /// <summary>The archive is unpacked; bytes count what came out of it.</summary>
    Unpacking,
}
