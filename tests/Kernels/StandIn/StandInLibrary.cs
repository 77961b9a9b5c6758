using System.Runtime.InteropServices;
using System.Text;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// The stand-in for the CUDA driver (cuda_stand_in.c), built by the C compiler of the machine. It knows one process-wide state: tests that use it do not run
/// beside each other, and start with <see cref="Reset"/>.
/// </summary>
internal sealed unsafe class StandInLibrary
{
    private readonly nint handle;

    private StandInLibrary(string path) => (Path, handle) = (path, NativeLibrary.Load(path));

    /// <summary>Where it was built.</summary>
    public string Path { get; }

    /// <summary>Objects of the driver that are not destroyed.</summary>
    public long Alive => ((delegate* unmanaged<long>)Function("stand_in_alive"))();

    /// <summary>Objects that were still there when the context was released.</summary>
    public long Leaked => ((delegate* unmanaged<long>)Function("stand_in_leaked"))();

    /// <summary>What broke the driver's rules.</summary>
    public string Faults
    {
        get
        {
            var text = new byte[1 << 14];
            fixed (byte* start = text)
            {
                return Encoding.UTF8.GetString(text, 0, ((delegate* unmanaged<byte*, int, int>)Function("stand_in_faults"))(start, text.Length));
            }
        }
    }

    /// <summary>Every launch since the start or <see cref="ForgetLaunches"/>: entry point, groups, threads a group, dynamic shared bytes.</summary>
    public string[] Launches => Lines("stand_in_launches");

    /// <summary>What was queued in or waited for on which stream since then, in the order of the calls: "cuGraphLaunch 1", where 1 is the stream that was made
    /// first.</summary>
    public string[] Order => Lines("stand_in_order");

    /// <summary>The driver's functions that were called since the library was loaded.</summary>
    public IReadOnlyList<string> CallNames
    {
        get
        {
            var names = new List<string>();
            var text = stackalloc byte[64];
            while (((delegate* unmanaged<int, byte*, int, int>)Function("stand_in_call_name"))(names.Count, text, 64) is > 0 and var length)
            {
                names.Add(Encoding.UTF8.GetString(text, length));
            }

            return names;
        }
    }

    /// <summary>Builds the library; the test is skipped where there is no C compiler.</summary>
    /// <param name="name">The file's name, one for each set of options.</param>
    /// <param name="options">More options of the compiler.</param>
    public static StandInLibrary Build(string name = "stand-in", params string[] options)
    {
        var path = CompiledLibrary.Build("cuda_stand_in.c", name, options);
        var library = new StandInLibrary(path);
        File.Delete(path);
        library.Reset();
        return library;
    }

    /// <summary>Forgets everything: no object, no failure, one device of compute capability 8.0 with 4 GiB and a driver of CUDA 12.4.</summary>
    public void Reset() => ((delegate* unmanaged<void>)Function("stand_in_reset"))();

    /// <summary>devices, version, major, minor, memory; eager: streams from this number on run at once what they can instead of as late as they may.</summary>
    public void Set(string what, long value)
    {
        fixed (byte* name = Text(what))
        {
            ((delegate* unmanaged<byte*, long, void>)Function("stand_in_set"))(name, value);
        }
    }

    /// <summary>Lets a call fail.</summary>
    /// <param name="call">The driver's function.</param>
    /// <param name="nth">Which call of it from now on, from 1.</param>
    /// <param name="status">With what.</param>
    /// <param name="lasting">Every later call of any function fails alike: the device is lost.</param>
    public void Fail(string call, long nth = 1, int status = 999, bool lasting = false)
    {
        fixed (byte* name = Text(call))
        {
            ((delegate* unmanaged<byte*, long, int, int, void>)Function("stand_in_fail"))(name, nth, status, lasting ? 1 : 0);
        }
    }

    /// <summary>How often a function was called.</summary>
    public long Calls(string call)
    {
        fixed (byte* name = Text(call))
        {
            return ((delegate* unmanaged<byte*, long>)Function("stand_in_calls"))(name);
        }
    }

    public void ForgetLaunches() => ((delegate* unmanaged<void>)Function("stand_in_forget_launches"))();

    private string[] Lines(string function)
    {
        var read = (delegate* unmanaged<byte*, long, long>)Function(function);
        var text = new byte[read(null, 0)];
        fixed (byte* start = text)
        {
            _ = read(start, text.Length);
        }

        return Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private nint Function(string name) => NativeLibrary.GetExport(handle, name);
}
