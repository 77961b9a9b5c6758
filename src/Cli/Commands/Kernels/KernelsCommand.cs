using System.CommandLine;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>largerec kernels: what GPU devices execute.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var command = new Command("kernels", $"The kernels of GPU devices, {KernelToolchain.Description}.")
        {
            KernelsListCommand.Create(),
            KernelsBenchCommand.Create(),
            KernelsTextCommand.Create(),
        };
        foreach (var other in KernelToolchain.Commands())
        {
            command.Subcommands.Add(other);
        }

        return command;
    }
}
