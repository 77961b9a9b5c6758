using System.Text;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>A kernel's text compiled by the driver.</summary>
internal static unsafe class CudaModule
{
    private const int InfoLogBuffer = 3;
    private const int InfoLogBytes = 4;
    private const int ErrorLogBuffer = 5;
    private const int ErrorLogBytes = 6;
    private const int LogBytes = 16 << 10;

    /// <summary>The module, and the entry that the image names.</summary>
    /// <exception cref="KernelException">The driver refuses the text; its log is in the message.</exception>
    public static (nint Module, nint Function) Load(CudaApi api, KernelImage image, string device)
    {
        var text = Encoding.UTF8.GetBytes(image.Text + '\0');
        var name = Encoding.UTF8.GetBytes(image.EntryPoint + '\0');
        var log = new byte[2 * LogBytes];
        fixed (byte* source = text)
        fixed (byte* entry = name)
        fixed (byte* logs = log)
        {
            nint module;
            nint function;
            var options = stackalloc int[] { InfoLogBuffer, InfoLogBytes, ErrorLogBuffer, ErrorLogBytes };
            var values = stackalloc void*[] { logs, (void*)LogBytes, logs + LogBytes, (void*)LogBytes };
            var status = api.ModuleLoadData(&module, source, 4, options, values);
            if (status != 0)
            {
                var said = Encoding.UTF8.GetString(log, LogBytes, LogBytes).Split('\0')[0].Trim().ReplaceLineEndings(" | ");
                throw new KernelException(
                    $"kernel {image.Name} for {image.Target}: {device}: cuModuleLoadDataEx refuses it: "
                    + $"{api.Describe(status)}{(said.Length > 0 ? $": {said}" : "")}");
            }

            status = api.ModuleGetFunction(&function, module, entry);
            if (status != 0)
            {
                _ = api.ModuleUnload(module);
                throw new KernelException($"kernel {image.Name} for {image.Target}: {device}: cuModuleGetFunction finds no entry '{image.EntryPoint}': "
                    + $"{api.Describe(status)}");
            }

            return (module, function);
        }
    }
}
