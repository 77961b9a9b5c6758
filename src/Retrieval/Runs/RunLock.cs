namespace LargeRec.Retrieval.Runs;

/// <summary>
/// A run folder in use: a training holds the file run.lock open for itself alone. The system lets go of it when the process ends, however it ends, so a lock never
/// outlives its training; the empty file that stays says nothing.
/// </summary>
public sealed class RunLock : IDisposable
{
    internal const string FileName = "run.lock";

    private const int Attempts = 5;
    private const int PauseMilliseconds = 20;

    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes a run's folder for this training alone, until disposed of.</summary>
    /// <exception cref="RunFolderException">Another training has it.</exception>
    public static RunLock Take(RunFolder run)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new RunLock(new FileStream(PathIn(run), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            catch (IOException e) when (IsSharingViolation(e))
            {
                // Somebody who only asks (IsHeld) has the file for a moment; a training has it for longer.
                if (attempt == Attempts)
                {
                    throw new RunFolderException($"{run.FolderPath}: another training is using this run; let it end or stop it first", e);
                }

                Thread.Sleep(PauseMilliseconds);
            }
        }
    }

    /// <summary>Whether a training is using a run's folder at this moment.</summary>
    public static bool IsHeld(RunFolder run)
    {
        try
        {
            // A reader that shares with all others stands in nobody's way, but is refused where a training has the file for itself.
            using var probe = new FileStream(PathIn(run), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return true;
        }
    }

    public void Dispose() => _stream.Dispose();

    private static string PathIn(RunFolder run) => Path.Combine(run.FolderPath, FileName);

    /// <summary>EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION of Windows, as .NET hands them on.</summary>
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
