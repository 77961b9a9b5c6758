using System.Runtime.InteropServices;
using System.Text;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// Stands between us and the machine's OpenCL (opencl_between.c): counts calls and what is alive, and lets calls fail. It knows one process-wide state: tests
/// that use it do not run beside each other, and start with <see cref="Reset"/>.
/// </summary>
internal sealed unsafe class OpenClBetween
{
    private readonly nint _handle;

    private OpenClBetween(string path)
    {
        _handle = NativeLibrary.Load(path);
        Api = OpenClApi.Load([path]);
    }

    /// <summary>The machine's OpenCL, by way of this one.</summary>
    public OpenClApi Api { get; }

    /// <summary>What was queued in, or called for, which queue since the start or <see cref="ForgetOrder"/>: "clEnqueueWriteBuffer 2", where 1 is the queue
    /// that was made first.</summary>
    public string[] Order
    {
        get
        {
            var read = (delegate* unmanaged<byte*, long, long>)Function("between_order");
            var text = new byte[read(null, 0)];
            fixed (byte* start = text)
            {
                _ = read(start, text.Length);
            }

            return Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Contexts, queues, buffers, programs, kernels and events that are not released.</summary>
    public long Alive => ((delegate* unmanaged<long>)Function("between_alive"))();

    /// <summary>The functions that were called since the library was loaded.</summary>
    public IReadOnlyList<string> CallNames
    {
        get
        {
            var names = new List<string>();
            var text = stackalloc byte[64];
            while (((delegate* unmanaged<int, byte*, int, int>)Function("between_call_name"))(names.Count, text, 64) is > 0 and var length)
            {
                names.Add(Encoding.UTF8.GetString(text, length));
            }

            return names;
        }
    }

    /// <summary>Builds the library; the test is skipped where there is no C compiler or no OpenCL.</summary>
    public static OpenClBetween Build(string name)
    {
        TestDevices.RequireOpenCl();
        var path = CompiledLibrary.Build("opencl_between.c", $"opencl-{name}");
        var library = new OpenClBetween(path);
        File.Delete(path);
        library.Reset();
        return library;
    }

    /// <summary>No call counted, nothing alive, no failure, the devices' own versions.</summary>
    public void Reset() => ((delegate* unmanaged<void>)Function("between_reset"))();

    public void ForgetOrder() => ((delegate* unmanaged<void>)Function("between_forget"))();

    /// <summary>Lets a call fail.</summary>
    /// <param name="call">OpenCL's function.</param>
    /// <param name="nth">Which call of it from now on, from 1.</param>
    /// <param name="status">With what.</param>
    /// <param name="lasting">Every later call of any function fails alike: the device is lost.</param>
    public void Fail(string call, int status, long nth = 1, bool lasting = false)
    {
        fixed (byte* name = Text(call))
        {
            ((delegate* unmanaged<byte*, long, int, int, void>)Function("between_fail"))(name, nth, status, lasting ? 1 : 0);
        }
    }

    /// <summary>What devices say of their version.</summary>
    public void SetVersion(string version)
    {
        fixed (byte* text = Text(version))
        {
            ((delegate* unmanaged<byte*, void>)Function("between_version"))(text);
        }
    }

    /// <summary>How often a function was called.</summary>
    public long Calls(string call)
    {
        fixed (byte* name = Text(call))
        {
            return ((delegate* unmanaged<byte*, long>)Function("between_calls"))(name);
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private nint Function(string name) => NativeLibrary.GetExport(_handle, name);
}
