using System.Diagnostics;
using System.Text;

namespace LargeRec.Cli.Tests;

/// <summary>The command as its users run it: a process of its own, in a folder of the test's.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private CliProcess(Process process) => _process = process;

    /// <summary>The built command.</summary>
    public static string AssemblyPath { get; } = Path.Combine(AppContext.BaseDirectory, "LargeRec.Cli.dll");

    /// <summary>The program that runs it.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public int Id => _process.Id;

    /// <summary>Runs the command to its end.</summary>
    public static CliResult Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return process.WaitForEnd();
    }

    /// <summary>Runs any program to its end.</summary>
    public static CliResult RunProgram(string program, string folder, params string[] arguments)
    {
        using var process = StartProgram(program, folder, arguments);
        return process.WaitForEnd();
    }

    public static CliProcess Start(string folder, params string[] arguments) => StartProgram(Host, folder, [AssemblyPath, .. arguments]);

    public CliResult WaitForEnd()
    {
        if (!_process.WaitForExit(Longest))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"no end after {Longest.TotalSeconds} s: {Text(_error)}");
        }

        // The overload without a time waits for the two streams too.
        _process.WaitForExit();
        return new CliResult(_process.ExitCode, Text(_output), Text(_error));
    }

    /// <summary>Waits until stderr holds a text.</summary>
    public void WaitForError(string text)
    {
        var clock = Stopwatch.StartNew();
        while (!Text(_error).Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || clock.Elapsed > Longest)
            {
                Assert.Fail($"'{text}' did not come: {Text(_error)}");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Kills the process, which cannot notice, unless it ends of itself before; whether it was killed.</summary>
    public bool KillAfter(TimeSpan delay)
    {
        if (_process.WaitForExit(delay))
        {
            return false;
        }

        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    /// <summary>Waits, without a pause, until something is the case; false where the process ended before.</summary>
    public bool WaitUntil(Func<bool> isTheCase)
    {
        while (!isTheCase())
        {
            if (_process.HasExited)
            {
                return false;
            }
        }

        return true;
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static CliProcess StartProgram(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("LARGEREC_DATA");
        start.Environment["XDG_CACHE_HOME"] = CacheFolder.FolderPath;
        start.Environment["LOCALAPPDATA"] = CacheFolder.FolderPath;
        var started = new CliProcess(new Process { StartInfo = start });
        started._process.OutputDataReceived += (_, line) => Append(started._output, line.Data);
        started._process.ErrorDataReceived += (_, line) => Append(started._error, line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
