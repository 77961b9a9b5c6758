using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Data.Catalogue;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>largerec kernels text: what a driver gets of one kernel.</summary>
internal static class KernelsTextCommand
{
    private const string Examples = """
        largerec kernels text attention.hstu-forward.plain
        largerec kernels text ranking.ranks.plain --target sm90a
        """;

    public static Command Create()
    {
        var kernel = new Argument<string>("KERNEL") { Description = "A name that kernels list shows." };
        kernel.CompletionSources.Add([.. KernelCatalogue.All.Select(e => e.Name)]);
        var target = new Option<string>("--target")
        {
            Description = "What the text is for: opencl, sm80, sm90 or sm90a.",
            HelpName = "TARGET",
            DefaultValueFactory = _ => "opencl"
        };
        target.CompletionSources.Add([.. KernelTargets.Names]);
        var command = new ExampleCommand("text", "Print a kernel as a driver gets it: OpenCL C, or PTX for CUDA devices.", Examples) { kernel, target };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(kernel)!;
            if (KernelCatalogue.All.All(e => e.Name != name))
            {
                throw new UsageException($"there is no kernel '{name}'{NearestName.Question(name, KernelCatalogue.All.Select(e => e.Name))} (largerec "
                    + "kernels list shows them)");
            }

            var image = KernelToolchain.Open(SharedOptions.KernelCacheOf(null, none: false)).Load(name, KernelTargets.Parse(parsed.GetValue(target)!));
            Console.Write(KernelImageFile.Write(image));
            return ExitCodes.Success;
        });
        return command;
    }
}
