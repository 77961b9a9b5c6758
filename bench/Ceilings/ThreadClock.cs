using System.Runtime.InteropServices;

namespace LargeRec.Bench.Ceilings;

/// <summary>Processor time of the calling thread (Linux).</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    public static bool IsSupported => OperatingSystem.IsLinux();

    public static double Seconds()
    {
        _ = GetTime(ThreadProcessorTime, out var time);
        return time.Seconds + (time.Nanoseconds * 1e-9);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
