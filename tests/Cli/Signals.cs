namespace LargeRec.Cli.Tests;

/// <summary>Whether signals can be tested here.</summary>
internal static class Signals
{
    /// <summary>A program that was started with a signal ignored hands that down: nothing can be seen of it then.</summary>
    public static void Require()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
        {
            Assert.Ignore($"{Status} does not exist: signals are tested on Linux");
        }

        var ignored = Convert.ToUInt64(File.ReadLines(Status).Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim(), 16);
        const ulong Interrupt = 1 << 1;
        if ((ignored & Interrupt) != 0)
        {
            Assert.Ignore("these tests were started with Ctrl-C ignored, as shells do with commands in the background");
        }
    }
}
