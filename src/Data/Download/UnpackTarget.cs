using System.IO.Hashing;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Download;

/// <summary>The folder that an archive's entries are written into: none outside it, none twice, and no more than the limits allow.</summary>
internal sealed class UnpackTarget
{
    private const int BufferSize = 1 << 17;

    /// <summary>Unpacked bytes that any archive may have, however small it is.</summary>
    private const long AlwaysAllowed = 1 << 20;

    /// <summary>Bytes that a format may spend on an entry besides its content.</summary>
    private const long OverheadOfEntry = 1 << 12;

    private readonly string _archive;
    private readonly string _folder;
    private readonly UnpackLimits _limits;
    private readonly DownloadFiles _files;
    private readonly ProgressReporter _report;
    private readonly CancellationToken _cancellation;
    private readonly long _mostByRatio;
    private readonly HashSet<string> _filePaths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _folderPaths = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _entries;
    private long _bytes;

    public UnpackTarget(string archive, string folder, UnpackLimits limits, DownloadFiles files, ProgressReporter report, CancellationToken cancellation)
    {
        (_archive, _folder, _limits, _files, _report, _cancellation) = (archive, Path.GetFullPath(folder), limits, files, report, cancellation);
        _mostByRatio = AlwaysAllowed + (new FileInfo(archive).Length * limits.Ratio);
    }

    public UnpackedFiles Written => new(_filePaths.Count, _bytes);

    /// <summary>Counts an entry, and says where it goes; null for what nobody needs.</summary>
    public string[]? Place(string name)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (++_entries > _limits.Entries)
        {
            throw Refused($"it has more than {_limits.Entries} entries");
        }

        var parts = EntryPath.Parse(name, out var reason) ?? throw Refused($"the name of its entry '{Shown(name)}' {reason}");
        return EntryPath.IsClutter(parts) ? null : parts;
    }

    public void AddFolder(string[] parts)
    {
        for (var depth = 1; depth <= parts.Length; depth++)
        {
            var path = string.Join('/', parts[..depth]);
            if (_filePaths.Contains(path))
            {
                throw Refused($"'{Shown(path)}' is a file and a folder in it");
            }

            if (_folderPaths.Add(path))
            {
                Directory.CreateDirectory(Path.Combine([_folder, .. parts[..depth]]));
            }
        }
    }

    /// <summary>Writes a file, flushed to the disk.</summary>
    /// <param name="length">Bytes that the archive says it has; null where it does not.</param>
    /// <param name="checksum">CRC-32 that the archive says it has; null where it does not.</param>
    public void AddFile(string[] parts, Stream content, long? length, uint? checksum)
    {
        var path = string.Join('/', parts);
        if (parts.Length == 0 || _folderPaths.Contains(path) || !_filePaths.Add(path))
        {
            throw Refused($"its entry '{Shown(path)}' is there twice, or has no name");
        }

        AddFolder(parts[..^1]);
        var crc = new Crc32();
        var written = 0L;
        using (var file = _files.OpenWrite(Path.Combine([_folder, .. parts]), FileMode.CreateNew))
        {
            int read;
            while ((read = content.Read(_buffer)) > 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                RequireAllowed(read);
                file.Write(_buffer, 0, read);
                crc.Append(_buffer.AsSpan(0, read));
                written += read;
                _bytes += read;
                _report.Advance(read);
            }

            if (file is FileStream onDisk)
            {
                onDisk.Flush(flushToDisk: true);
            }
        }

        if ((length is not null && written != length) || (checksum is not null && crc.GetCurrentHashAsUInt32() != checksum))
        {
            throw new DataFormatException(_archive, 0, $"its entry '{Shown(path)}' is damaged", "fetch it again");
        }
    }

    /// <summary>The entries of the folders reach the disk too.</summary>
    public void Flush()
    {
        foreach (var folder in _folderPaths)
        {
            FolderFlush.Flush(Path.Combine(_folder, folder));
        }

        FolderFlush.Flush(_folder);
    }

    /// <summary>The stream, read no further than the limits allow, its entries' names and what is skipped included.</summary>
    public Stream Bound(Stream stream) => new BoundedStream(stream, Most + (_limits.Entries * OverheadOfEntry), TooMuch);

    public DataFormatException Refused(string reason) => new(_archive, 0, $"{reason}; it was not unpacked", "take the publisher's own file");

    /// <summary>An error where this many bytes more are more than the limits allow.</summary>
    public void RequireAllowed(long count)
    {
        if (count > Most - _bytes)
        {
            throw TooMuch();
        }
    }

    private long Most => Math.Min(_limits.Bytes, _mostByRatio);

    private DataFormatException TooMuch() => Refused(_limits.Bytes <= _mostByRatio
        ? $"it unpacks to more than {ByteSize.Text(_limits.Bytes)}"
        : $"it unpacks to more than {_limits.Ratio} times its size");

    private static string Shown(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
