using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Kernels.Tests.Devices;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>
/// A driver that records, made of one that cannot: launches are kept with the bytes of their arguments and launched again. It refuses what a CUDA graph cannot
/// hold, so that what is right here needs nothing more of a real one than that it does what it recorded.
/// </summary>
internal sealed class RecordingDriver(GpuDriver driver) : GpuDriver
{
    private readonly List<(nint Slab, long Bytes)> freedLater = [];
    private readonly HashSet<nint> alive = [];
    private List<Launched>? recorded;

    public override string Name => driver.Name;

    public override KernelTarget Target => driver.Target;

    public override int MostThreadsPerGroup => driver.MostThreadsPerGroup;

    public override long SharedBytesPerGroup => driver.SharedBytesPerGroup;

    public override bool CanRecord => true;

    /// <summary>Launches that were called for one by one and ran.</summary>
    public int Launches { get; private set; }

    /// <summary>Copies beside the kernels' queue.</summary>
    public int WritesAhead { get; private set; }

    /// <summary>Recordings made.</summary>
    public int Recorded { get; private set; }

    /// <summary>Recordings that are not disposed.</summary>
    public int Recordings { get; private set; }

    /// <summary>Over PoCL or whatever OpenCL there is, or over the interpreter of PTX.</summary>
    public static RecordingDriver Open(KernelDevice kind)
    {
        if (kind == KernelDevice.InterpretedPtx)
        {
            return new RecordingDriver(new InterpretedDriver());
        }

        TestDevices.RequireOpenCl();
        return new RecordingDriver(OpenClDriver.Open(null));
    }

    public override nint Allocate(long bytes)
    {
        Refuse("memory is allocated");
        var slab = driver.Allocate(bytes);
        alive.Add(slab);
        return slab;
    }

    public override void Free(nint slab, long bytes)
    {
        if (recorded is not null)
        {
            freedLater.Add((slab, bytes));
            return;
        }

        alive.Remove(slab);
        driver.Free(slab, bytes);
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values)
    {
        Refuse("values are copied to the device");
        driver.Write(slab, byteOffset, values);
    }

    public override void WriteAhead(nint landing, long byteOffset, ReadOnlySpan<byte> values)
    {
        Refuse("values are copied to the device");
        WritesAhead++;
        driver.WriteAhead(landing, byteOffset, values);
    }

    public override void CopyArrived(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        Refuse("values that were copied to the device are taken");
        driver.CopyArrived(landing, parts);
    }

    public override void Read(nint slab, long byteOffset, Span<byte> values)
    {
        Refuse("values are copied from the device");
        driver.Read(slab, byteOffset, values);
    }

    public override nint Load(KernelImage image)
    {
        Refuse($"the kernel {image.Name} is loaded");
        return driver.Load(image);
    }

    public override void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        if (recorded is not null)
        {
            recorded.Add(new Launched(kernel, image, groups, threadsPerGroup, sharedBytes, arguments.ToArray()));
            return;
        }

        Launches++;
        driver.Launch(kernel, image, groups, threadsPerGroup, sharedBytes, arguments);
    }

    public override KernelRecording Record(Action launches)
    {
        Refuse("another recording begins");
        recorded = [];
        try
        {
            launches();
            Recordings++;
            Recorded++;
            return new LaunchList(this, [.. recorded]);
        }
        finally
        {
            recorded = null;
            foreach (var (slab, bytes) in freedLater)
            {
                Free(slab, bytes);
            }

            freedLater.Clear();
        }
    }

    public override void Synchronize()
    {
        Refuse("the device is waited for");
        driver.Synchronize();
    }

    public override void Dispose() => driver.Dispose();

    private void Relaunch(Launched launch) =>
        driver.Launch(launch.Kernel, launch.Image, launch.Groups, launch.ThreadsPerGroup, launch.SharedBytes, launch.Arguments);

    private void Refuse(string what)
    {
        if (recorded is not null)
        {
            throw new InvalidOperationException($"{Name}: {what} while launches are recorded");
        }
    }

    private sealed record Launched(nint Kernel, KernelImage Image, int Groups, int ThreadsPerGroup, int SharedBytes, KernelArgument[] Arguments);

    private sealed class LaunchList(RecordingDriver owner, Launched[] launches) : KernelRecording
    {
        private bool disposed;

        public override void Replay()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            owner.Refuse("a recording is replayed");
            foreach (var launch in launches)
            {
                foreach (var argument in launch.Arguments)
                {
                    if (argument.Kind == KernelParameter.View && !owner.alive.Contains(argument.Slab))
                    {
                        throw new AssertionException($"{launch.Image.Name} is replayed on memory that was freed");
                    }
                }

                owner.Relaunch(launch);
            }
        }

        public override void Dispose()
        {
            owner.Recordings -= disposed ? 0 : 1;
            disposed = true;
        }
    }
}
