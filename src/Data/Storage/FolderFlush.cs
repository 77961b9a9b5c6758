using System.Runtime.InteropServices;

namespace LargeRec.Data.Storage;

/// <summary>
/// Flushes a folder's entries to disk, without which a file just renamed may be gone after a loss of power. .NET has no call for it.
/// On Windows entries are journalled and there is nothing to do.
/// </summary>
public static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes; a file system that cannot is left as it is, since the rename itself has been done.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronise(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
