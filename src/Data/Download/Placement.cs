using System.Text.Json;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Download;

/// <summary>Puts a verified file's content into the data set's folder, so that the folder is there as a whole or not at all.</summary>
internal sealed class Placement(string directory, string name, DownloadOptions options, DownloadFiles files, ProgressReporter report)
{
    private readonly string _temporary = Path.Combine(directory, $".{name}.unpacking");

    public string Target { get; } = Path.Combine(directory, name);

    /// <param name="archive">The verified file.</param>
    /// <param name="fileName">The publisher's name of it.</param>
    /// <param name="isOurs">It was fetched and may go; a user's own file stays.</param>
    public UnpackedFiles Place(string archive, string fileName, DownloadRecord record, bool isOurs, CancellationToken cancellation)
    {
        // What a kill left; the lock says that nobody works there now.
        Remove(_temporary);
        try
        {
            Directory.CreateDirectory(_temporary);
            var kind = ArchiveChecks.KindOf(archive, fileName);
            var written = ArchiveChecks.IsArchive(kind)
                ? SafeUnpacker.Unpack(archive, kind, _temporary, options.Limits, files, report, cancellation)
                : Copy(archive, fileName, cancellation);
            var root = Root();
            AtomicFile.Write(Path.Combine(root, DownloadRecord.FileName), file => JsonSerializer.Serialize(file, record, DownloadJson.Default.DownloadRecord));
            RemoveEmpty(Target);
            Directory.Move(root, Target);
            FolderFlush.Flush(directory);
            // What is no archive lies in the folder as it came.
            if (isOurs && (!options.KeepArchive || !ArchiveChecks.IsArchive(kind)))
            {
                File.Delete(archive);
            }

            return written;
        }
        catch (IOException fault) when (DiskSpace.IsFull(fault))
        {
            throw new DownloadException($"the disk of {directory} is full; {archive} stays: make room and run the same command to unpack it", fault);
        }
        finally
        {
            Remove(_temporary);
        }
    }

    /// <summary>The folder that becomes the data set's: an archive's single folder takes the place of the one around it.</summary>
    private string Root() => Directory.GetFileSystemEntries(_temporary) is [var single] && Directory.Exists(single) ? single : _temporary;

    private UnpackedFiles Copy(string archive, string fileName, CancellationToken cancellation)
    {
        using var source = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        files.RequireRoom(directory, source.Length, fileName);
        report.Begin(DownloadStage.Unpacking, 0, source.Length);
        var target = new UnpackTarget(archive, _temporary, options.Limits, files, report, cancellation);
        target.AddFile([fileName], source, source.Length, checksum: null);
        target.Flush();
        return target.Written;
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RemoveEmpty(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder);
        }
    }
}
