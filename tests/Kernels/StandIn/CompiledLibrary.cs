using System.ComponentModel;
using System.Diagnostics;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>Libraries in C that tests put in a driver's place, built by the C compiler of the machine.</summary>
internal static class CompiledLibrary
{
    /// <summary>Builds a library; the test is skipped where there is no C compiler.</summary>
    /// <param name="source">The file in this folder.</param>
    /// <param name="name">The library's name, one for each set of options.</param>
    /// <param name="options">More options of the compiler.</param>
    /// <returns>Its path; it may be deleted once it is loaded.</returns>
    public static string Build(string source, string name, params string[] options)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "StandIn");
        var path = Path.Combine(folder, $"{name}-{Environment.ProcessId}.so");
        var start = new ProcessStartInfo("cc") { RedirectStandardError = true };
        foreach (var argument in (string[])["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", .. options, "-o", path, Path.Combine(folder, source),
            "-ldl"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var compiler = Process.Start(start)!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero, said);
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"no C compiler (cc): {source} cannot be built; install gcc and libc6-dev");
        }

        return path;
    }
}
