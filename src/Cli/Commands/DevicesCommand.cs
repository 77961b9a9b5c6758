using System.CommandLine;
using System.Globalization;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.OpenCl;

namespace LargeRec.Cli.Commands;

/// <summary>largerec devices: what <c>--device</c> can take here, and why not what is missing.</summary>
internal static class DevicesCommand
{
    private const int LeastCapability = 80;

    private const string Examples = """
        largerec devices
        largerec train --device opencl:0
        """;

    public static Command Create()
    {
        var format = SharedOptions.Format();
        var command = new ExampleCommand("devices", "What --device can take on this machine, and why something is not there.", Examples) { format };
        command.SetAction(parsed =>
        {
            DeviceListPrinter.Print([Cpu(), Found("opencl", OpenCl, OpenClDevices.NoneFound), Found("cuda", Cuda, CudaDevices.NoneFound)],
                SharedOptions.FormatOf(parsed.GetValue(format)));
            return ExitCodes.Success;
        });
        return command;
    }

    private static DeviceKindRow Cpu() => new()
    {
        Kind = "cpu",
        Problem = null,
        Devices =
        [
            new DeviceRow
            {
                Device = "cpu",
                Name = "this machine's processor",
                Details = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} threads, {(int)SimdWidths.Widest} bits a vector"),
                MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                Units = Environment.ProcessorCount,
                Problem = null,
            },
        ],
    };

    private static DeviceKindRow Found(string kind, Func<DeviceRow[]> list, string nothing)
    {
        try
        {
            var devices = list();
            return new DeviceKindRow { Kind = kind, Problem = devices.Length == 0 ? nothing : null, Devices = devices };
        }
        catch (GpuException exception)
        {
            return new DeviceKindRow { Kind = kind, Problem = exception.Message, Devices = [] };
        }
    }

    private static DeviceRow[] OpenCl() => [.. OpenClDevices.List().Select((d, i) => new DeviceRow
    {
        Device = string.Create(CultureInfo.InvariantCulture, $"opencl:{i}"),
        Name = d.Name,
        Details = $"{d.Platform}, {d.Version}",
        MemoryBytes = d.MemoryBytes,
        Units = d.ComputeUnits,
        Problem = d.IsTooOld ? "the kernels need OpenCL 1.2 or later" : null,
    })];

    private static DeviceRow[] Cuda() => [.. CudaDevices.List().Select(d => new DeviceRow
    {
        Device = string.Create(CultureInfo.InvariantCulture, $"cuda:{d.Index}"),
        Name = d.Name,
        Details = string.Create(
            CultureInfo.InvariantCulture, $"compute capability {d.ComputeCapability / 10}.{d.ComputeCapability % 10}, driver for CUDA "
            + $"{d.DriverVersion / 1000}.{d.DriverVersion % 1000 / 10}"),
        MemoryBytes = d.MemoryBytes,
        Units = d.Multiprocessors,
        Problem = d.ComputeCapability < LeastCapability ? "the kernels need compute capability 8.0 or later" : null,
    })];
}
