using LargeRec.Data.Storage;

namespace LargeRec.Retrieval.Runs;

/// <summary>A run folder in use: a training holds its file run.lock. The system lets go of it when the process ends, however it ends.</summary>
public sealed class RunLock : IDisposable
{
    internal const string FileName = "run.lock";

    private const int Attempts = 5;
    private const int PauseMilliseconds = 20;

    private readonly FileLock _lock;

    private RunLock(FileLock taken) => _lock = taken;

    /// <summary>Takes a run's folder for this training alone, until disposed of.</summary>
    /// <exception cref="RunFolderException">Another training has it.</exception>
    public static RunLock Take(RunFolder run)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (FileLock.TryAcquire(PathIn(run)) is { } taken)
            {
                return new RunLock(taken);
            }

            // Somebody who only asks (IsHeld) has the file for a moment; a training has it for longer.
            Thread.Sleep(PauseMilliseconds);
        }

        throw new RunFolderException($"{run.FolderPath}: another training is using this run; let it end or stop it first");
    }

    /// <summary>Whether a training is using a run's folder at this moment.</summary>
    public static bool IsHeld(RunFolder run) => FileLock.IsHeld(PathIn(run));

    public void Dispose() => _lock.Dispose();

    private static string PathIn(RunFolder run) => Path.Combine(run.FolderPath, FileName);
}
