using System.Security.Cryptography;

namespace LargeRec.Data.Storage;

/// <summary>
/// A lock between processes: a file that its holder keeps open for itself alone, and removes at the end. The system lets go of it when the holder dies, so a
/// file that a kill left behind locks nobody out.
/// </summary>
public sealed class FileLock : IDisposable
{
    private const int MostTries = 20;

    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null where somebody else has it, in this process or another.</summary>
    /// <param name="path">The lock's file, in a folder that exists.</param>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileLock? TryAcquire(string path)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException fault) when (MeansHeld(fault))
            {
                return null;
            }

            if (IsAt(path, file))
            {
                return new FileLock(file);
            }

            file.Dispose();
        }

        return null;
    }

    /// <summary>Whether somebody has the lock at this moment; asking stands in nobody's way and leaves nothing.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            // A reader that shares with all others is refused only where somebody has the file for itself.
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                return false;
            }
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException fault) when (MeansHeld(fault))
        {
            return true;
        }
    }

    /// <summary>Lets go and removes the file.</summary>
    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows removes no file that is open.
            _file.Dispose();
            Remove();
        }
        else
        {
            // Removed while it is held: who comes next makes a new one.
            Remove();
            _file.Dispose();
        }
    }

    /// <summary>
    /// Whether the file held is the one that others will find. Its former holder may have removed it after it was opened here and before it was locked; a time
    /// of its own tells it from another at the same path, without opening that.
    /// </summary>
    private static bool IsAt(string path, FileStream file)
    {
        var mark = DateTime.UnixEpoch.AddSeconds(RandomNumberGenerator.GetInt32(int.MaxValue));
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.Exists(path) && File.GetLastWriteTimeUtc(path) == mark;
    }

    private static bool MeansHeld(IOException fault) =>
        fault.HResult == (OperatingSystem.IsWindows() ? SharingViolationOnWindows : OperatingSystem.IsMacOS() ? HeldOnMac : HeldOnLinux);

    private void Remove()
    {
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What stays is an empty file that nobody holds.
        }
    }
}
