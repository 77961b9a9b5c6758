using Microsoft.Win32.SafeHandles;

namespace LargeRec.Cli.Output;

/// <summary>Standard output for results that may be long.</summary>
internal static class StandardOutput
{
    private const int BrokenPipe = 32;

    /// <summary>Whether somebody reads it through a pipe, who may write to the terminal at any time.</summary>
    public static bool IsPipe { get; } = FindPipe();

    /// <summary>A stream on which a pipe whose reader is gone (<c>| head</c>) is an <see cref="IOException"/>; the console's own goes on as if nothing
    /// were.</summary>
    public static Stream Open() => IsPipe ? OpenHandle() : Console.OpenStandardOutput();

    /// <summary>The reader has had enough.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;

    // Seekable output is left to the console's stream: a file stream writes at places that it counts itself, and others may write to the same file.
    private static bool FindPipe()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return false;
        }

        using var stream = OpenHandle();
        return !stream.CanSeek;
    }

    private static FileStream OpenHandle() => new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
