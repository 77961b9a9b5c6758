using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>What NVIDIA's assembler says of a text, where it is installed.</summary>
internal static partial class Ptxas
{
    private const string Program = "ptxas";

    /// <summary>The assembler on the path; null where there is none.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    /// <summary>Registers a thread and bytes spilled a thread of a kernel.</summary>
    /// <exception cref="InvalidOperationException">It refuses the text, or cannot be started.</exception>
    public static (int Registers, int SpilledBytes) Assemble(string program, KernelImage image)
    {
        var file = Path.Combine(Path.GetTempPath(), $"largerec-{Environment.ProcessId}-{image.Name}.ptx");
        try
        {
            File.WriteAllText(file, image.Text);
            var architecture = image.Target switch
            {
                KernelTarget.Sm90 => "sm_90",
                KernelTarget.Sm90a => "sm_90a",
                _ => "sm_80",
            };
            var start = new ProcessStartInfo(program, ["-v", $"-arch={architecture}", "-o", Path.ChangeExtension(file, "cubin"), file])
            { RedirectStandardError = true, RedirectStandardOutput = true };
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
            var output = process.StandardOutput.ReadToEndAsync();
            var said = process.StandardError.ReadToEnd() + output.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0
                ? Parse(said) ?? throw new InvalidOperationException($"{image.Name}: {program} says nothing of registers")
                : throw new InvalidOperationException($"{image.Name}: {program} refuses it: {said.Trim().ReplaceLineEndings(" | ")}");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{program} does not start: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(file);
            File.Delete(Path.ChangeExtension(file, "cubin"));
        }
    }

    /// <summary>"ptxas info : Used 40 registers, ..." and "16 bytes spill stores, 24 bytes spill loads": the stores count.</summary>
    internal static (int Registers, int SpilledBytes)? Parse(string said)
    {
        var (registers, spilled) = (Registers().Match(said), Spills().Match(said));
        return registers.Success
            ? (Number(registers), spilled.Success ? Number(spilled) : 0)
            : null;

        static int Number(Match match) => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex Spills();
}
