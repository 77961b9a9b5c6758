using System.Formats.Tar;
using System.IO.Compression;
using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Download;

/// <summary>
/// Unpacks archives of strangers: regular files and folders only, all of them below the folder, on every system the same ones; no links, no devices, no more
/// bytes, bytes per byte, or entries than the limits say. An archive that breaks a rule is refused as a whole.
/// </summary>
internal static class SafeUnpacker
{
    private const int UnixKindShift = 16 + 12;
    private const int UnixFile = 8;
    private const int UnixFolder = 4;
    private const int DosFolder = 0x10;

    /// <summary>Unpacks into a folder that exists and is empty; after an error the caller removes it.</summary>
    /// <exception cref="DataFormatException">The archive is damaged, or not safe to unpack.</exception>
    /// <exception cref="DownloadException">There is no room.</exception>
    public static UnpackedFiles Unpack(
        string archive, FileKind kind, string folder, UnpackLimits limits, DownloadFiles files, ProgressReporter report, CancellationToken cancellation)
    {
        var target = new UnpackTarget(archive, folder, limits, files, report, cancellation);
        try
        {
            using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            if (kind == FileKind.Zip)
            {
                UnpackZip(file, target, folder, files, report);
            }
            else
            {
                UnpackTar(file, kind, target, report);
            }
        }
        catch (Exception fault) when (
            fault is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw new DataFormatException(archive, 0, $"the archive is damaged or cut off ({fault.Message.TrimEnd('.')})", "fetch it again", fault);
        }

        if (target.Written.Files == 0)
        {
            throw new DataFormatException(archive, 0, "the archive has no file in it", "fetch it again");
        }

        target.Flush();
        return target.Written;
    }

    private static void UnpackZip(FileStream file, UnpackTarget target, string folder, DownloadFiles files, ProgressReporter report)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        var total = zip.Entries.Aggregate(0L, (sum, entry) => checked(sum + entry.Length));
        target.RequireAllowed(total);
        files.RequireRoom(folder, total, "what the archive holds");
        report.Begin(DownloadStage.Unpacking, 0, total);
        foreach (var entry in zip.Entries)
        {
            if (target.Place(entry.FullName) is not { } parts)
            {
                continue;
            }

            var unixKind = (entry.ExternalAttributes >> UnixKindShift) & 0xF;
            if (unixKind is not (0 or UnixFile or UnixFolder))
            {
                throw target.Refused($"its entry '{entry.FullName}' is a link or a device");
            }

            if (entry.IsEncrypted)
            {
                throw target.Refused($"its entry '{entry.FullName}' is encrypted");
            }

            if (entry.FullName.EndsWith('/') || entry.FullName.EndsWith('\\') || unixKind == UnixFolder
                || (entry.Length == 0 && (entry.ExternalAttributes & DosFolder) != 0))
            {
                target.AddFolder(parts);
                continue;
            }

            using var content = entry.Open();
            target.AddFile(parts, content, entry.Length, entry.Crc32);
        }
    }

    private static void UnpackTar(FileStream file, FileKind kind, UnpackTarget target, ProgressReporter report)
    {
        report.Begin(DownloadStage.Unpacking, 0, null);
        using var unpacked = target.Bound(kind == FileKind.TarGzip ? new CheckedGzipStream(file) : file);
        using (var tar = new TarReader(unpacked, leaveOpen: true))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                target.RequireAllowed(entry.Length);
                if (entry.EntryType is TarEntryType.GlobalExtendedAttributes || target.Place(entry.Name) is not { } parts)
                {
                    continue;
                }

                switch (entry.EntryType)
                {
                    case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                        target.AddFile(parts, entry.DataStream ?? Stream.Null, entry.Length, checksum: null);
                        break;
                    case TarEntryType.Directory:
                        target.AddFolder(parts);
                        break;
                    default:
                        throw target.Refused($"its entry '{entry.Name}' is a link or a device ({entry.EntryType})");
                }
            }
        }

        // Without what stands behind the last entry nobody would notice a file cut there.
        unpacked.CopyTo(Stream.Null);
    }
}
