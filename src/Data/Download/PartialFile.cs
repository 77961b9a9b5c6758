using System.Text.Json;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Download;

/// <summary>A file on its way: <c>FILE.part</c> with the bytes so far, <c>FILE.part.json</c> with what they are of.</summary>
internal sealed class PartialFile(string finalPath, DownloadFiles files)
{
    private readonly string _statePath = finalPath + ".part.json";

    public string FilePath { get; } = finalPath + ".part";

    public long Length => File.Exists(FilePath) ? new FileInfo(FilePath).Length : 0;

    /// <summary>What the bytes are of; null where there are none, or it is not known any more.</summary>
    public PartialState? ReadState()
    {
        if (Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_statePath), DownloadJson.Default.PartialState);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Begins anew. No byte of the old file is left when the state says that it is the new one's.</summary>
    public Stream Create(PartialState state)
    {
        var stream = files.OpenWrite(FilePath, FileMode.Create);
        try
        {
            AtomicFile.Write(_statePath, file => JsonSerializer.Serialize(file, state, DownloadJson.Default.PartialState));
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public Stream Append() => files.OpenWrite(FilePath, FileMode.Append);

    public void Delete()
    {
        File.Delete(FilePath);
        File.Delete(_statePath);
    }

    /// <summary>The file is whole and verified: it gets its name.</summary>
    public void Complete()
    {
        using (var file = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(FilePath, finalPath, overwrite: false);
        File.Delete(_statePath);
        FolderFlush.Flush(Path.GetDirectoryName(finalPath)!);
    }

    /// <summary>What is left of a fetch that ended early, for its message.</summary>
    public string Describe()
    {
        var length = Length;
        var total = ReadState()?.Total;
        var of = total is null ? "" : $" of {ByteSize.Text(total.Value)}";
        return length == 0 ? "nothing was fetched" : $"{FilePath} keeps {ByteSize.Text(length)}{of}";
    }
}
