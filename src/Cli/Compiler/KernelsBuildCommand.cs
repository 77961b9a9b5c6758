using System.CommandLine;
using LargeRec.Cli.Commands.Kernels;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Kernels;

namespace LargeRec.Cli;

/// <summary>largerec kernels build: writes the kernels' texts as files.</summary>
internal static class KernelsBuildCommand
{
    private const string Description = "Write the kernels' texts as images, for programs without the compiler (-p:KernelSource=embedded) and as the accepted "
        + "copies that tests compare with.";

    private const string Examples = """
        largerec kernels build --out src/Kernels/Images
        largerec kernels build --out images --target opencl --target sm90a
        """;

    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "The folder; images of kernels that are no longer there are deleted from it.",
            HelpName = "DIR",
            Required = true
        };
        var targets = new Option<string[]>("--target")
        {
            Description = "What to write for, repeatable: opencl, sm80, sm90, sm90a; by default opencl and sm80.",
            HelpName = "TARGET"
        };
        var command = new ExampleCommand("build", Description, Examples) { output, targets };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            if (File.Exists(folder))
            {
                throw new UsageException($"--out {folder}: this is a file; name a folder");
            }

            var chosen = parsed.GetValue(targets) is { Length: > 0 } given ? [.. given.Select(KernelTargets.Parse)] : KernelImages.Accepted;
            var findings = KernelsLintCommand.Findings();
            if (findings.Count > 0)
            {
                KernelsLintCommand.Print(findings, OutputFormat.Table);
                ResultPrinter.PrintWrapped("nothing was written");
                return Task.FromResult(ExitCodes.Failure);
            }

            var source = new IlgpuKernelSource();
            var changes = KernelImages.Write(source, folder, chosen, cancellation);
            ResultPrinter.PrintWrapped($"{changes.Images} images in {folder}: {changes.Written.Count} new or changed, {changes.Deleted.Count} deleted");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
