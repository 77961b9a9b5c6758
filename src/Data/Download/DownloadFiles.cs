using LargeRec.Data.Storage;

namespace LargeRec.Data.Download;

/// <summary>Where a download touches the disk; tests put a full one in its place.</summary>
internal class DownloadFiles
{
    public virtual Stream OpenWrite(string path, FileMode mode) => new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public virtual long? FreeBytes(string folder) => DiskSpace.Free(folder);

    /// <summary>An error where it is known beforehand that there is no room.</summary>
    public void RequireRoom(string folder, long bytes, string what)
    {
        if (FreeBytes(folder) is { } free && free < bytes)
        {
            throw new DownloadException($"{folder} has {ByteSize.Text(free)} free, and {what} takes {ByteSize.Text(bytes)}; make room or take "
                + "another --data-dir");
        }
    }
}
