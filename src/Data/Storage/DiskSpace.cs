namespace LargeRec.Data.Storage;

/// <summary>Room on the disk that holds a folder.</summary>
public static class DiskSpace
{
    private const int NoSpaceOnUnix = 28;
    private const int OverQuotaOnLinux = 122;
    private const int OverQuotaOnMac = 69;
    private const int FullOnWindows = unchecked((int)0x80070070);
    private const int HandleFullOnWindows = unchecked((int)0x80070027);

    /// <summary>The bytes that this user may still write below a folder; null where the system does not say.</summary>
    public static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a write failed because the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is FullOnWindows or HandleFullOnWindows
        : exception.HResult is NoSpaceOnUnix || exception.HResult == (OperatingSystem.IsMacOS() ? OverQuotaOnMac : OverQuotaOnLinux);
}
