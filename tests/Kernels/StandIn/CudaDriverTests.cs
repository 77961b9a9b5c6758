using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>The driver's host side: copies, threads, launches, recordings. What kernels compute is the interpreter's matter; here none computes.</summary>
[NonParallelizable]
public sealed class CudaDriverTests
{
    private readonly StandInLibrary library = StandInLibrary.Build("driver");
    private CudaDriver driver = null!;

    [SetUp]
    public void Start()
    {
        library.Reset();
        driver = CudaDriver.Open(null, library.Path);
    }

    [TearDown]
    public void Stop()
    {
        driver.Dispose();
        Assert.That((library.Leaked, library.Alive), Is.EqualTo((0L, 0L)), "what was not freed");
    }

    /// <param name="eager">Which streams run early: none; the second, of copies, so that it overtakes the kernels'; both.</param>
    [Test]
    public void Copies_arrive_whole_however_the_streams_run([Values(0, 2, 1)] int eager)
    {
        library.Set("eager", eager);
        const int Bytes = 5 << 20;
        var slabs = Enumerable.Range(0, 8).Select(_ => driver.Allocate(Bytes)).ToArray();
        var sent = slabs.Select((_, i) => Pattern(Bytes - (i * 777), i)).ToArray();
        var place = new byte[Bytes];
        for (var i = 0; i < slabs.Length; i++)
        {
            // The same host memory over and over: a copy has taken its values when it returns.
            sent[i].CopyTo(place, 0);
            driver.Write(slabs[i], i, place.AsSpan(0, sent[i].Length - i));
            place.AsSpan().Clear();
        }

        for (var i = 0; i < slabs.Length; i++)
        {
            var read = new byte[sent[i].Length - i];
            driver.Read(slabs[i], i, read);
            Assert.That(read.AsSpan().SequenceEqual(sent[i].AsSpan(0, read.Length)), Is.True, $"slab {i}");
        }

        Assert.That(library.Faults, Is.Empty);
    }

    /// <summary>Landing place and page-locked memory are used over and over: neither before what was there has been taken.</summary>
    [Test]
    public void Copies_ahead_arrive_whole_however_the_streams_run([Values(0, 2, 1)] int eager)
    {
        library.Set("eager", eager);
        var (landing, place) = (driver.Allocate(1 << 20), driver.Allocate(1 << 20));
        var results = Enumerable.Range(0, 6).Select(i => (Slab: driver.Allocate(1 << 20), Sent: Pattern((i + 1) * 10_000, i))).ToArray();
        var host = new byte[1 << 20];
        foreach (var (slab, sent) in results)
        {
            sent.CopyTo(host, 0);
            driver.WriteAhead(landing, 64, host.AsSpan(0, sent.Length));
            host.AsSpan().Clear();

            // In two parts and the wrong way round, to where all of them go, and from there on.
            driver.CopyArrived(landing, [new(64, place, 5000, sent.Length - 5000), new(64 + sent.Length - 5000, place, 0, 5000)]);
            driver.CopyArrived(place, [new(0, slab, 0, sent.Length)]);
        }

        foreach (var (slab, sent) in results)
        {
            var read = new byte[sent.Length];
            driver.Read(slab, 0, read);
            Assert.That(read.AsSpan(5000).SequenceEqual(sent.AsSpan(0, sent.Length - 5000))
                && read.AsSpan(0, 5000).SequenceEqual(sent.AsSpan(sent.Length - 5000)), Is.True);
        }

        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void A_copy_ahead_waits_for_nothing_and_allocates_nothing_again()
    {
        var (landing, slab, kernel) = (driver.Allocate(4096), driver.Allocate(4096), driver.Load(SmallKernels.Image()));
        var values = new byte[4096];
        Once();
        var (waits, pinned) = (library.Calls("cuStreamSynchronize"), library.Calls("cuMemHostAlloc"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            Once();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That((library.Calls("cuStreamSynchronize"), library.Calls("cuMemHostAlloc")), Is.EqualTo((waits, pinned)));

        void Once()
        {
            driver.WriteAhead(landing, 0, values);
            SmallKernels.Launch(driver, kernel, slab, 16);
            driver.CopyArrived(landing, [new(0, slab, 0, 4096)]);
        }
    }

    [Test]
    public void A_copy_does_not_wait_for_the_kernels_before_it()
    {
        var slab = driver.Allocate(64);
        var kernel = driver.Load(SmallKernels.Image());
        var waits = library.Calls("cuStreamSynchronize");
        for (var i = 0; i < 100; i++)
        {
            SmallKernels.Launch(driver, kernel, slab, 16);
            driver.Write(slab, 0, new byte[64]);
        }

        Assert.That(library.Calls("cuStreamSynchronize"), Is.EqualTo(waits));
        Assert.That(library.Calls("cuMemcpyHtoDAsync_v2"), Is.EqualTo(100));
        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void Any_thread_may_call()
    {
        var (slab, kernel) = (driver.Allocate(64), driver.Load(SmallKernels.Image()));
        var sent = Pattern(64, 3);
        var read = new byte[64];
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                driver.Write(slab, 0, sent);
                SmallKernels.Launch(driver, kernel, slab, 16);
                driver.Read(slab, 0, read);
                driver.Free(driver.Allocate(128), 128);
                using var recording = driver.Record(() => SmallKernels.Launch(driver, kernel, slab, 16));
                recording.Replay();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
        Assert.That(read, Is.EqualTo(sent));
        Assert.That(library.Faults, Is.Empty);

        // Disposed by a thread of its own, too: Stop looks for what is left.
        thread = new Thread(driver.Dispose);
        thread.Start();
        thread.Join();
        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void Two_devices_take_turns_on_one_thread()
    {
        using var other = CudaDriver.Open(null, library.Path);
        var (slab, second) = (driver.Allocate(64), other.Allocate(64));
        driver.Write(slab, 0, Pattern(64, 1));
        other.Write(second, 0, Pattern(64, 2));
        var read = new byte[64];
        driver.Read(slab, 0, read);
        Assert.That(read, Is.EqualTo(Pattern(64, 1)));
        other.Free(second, 64);
        other.Dispose();
        driver.Read(slab, 0, read);
        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void A_launch_gives_the_driver_its_sizes_and_allocates_nothing()
    {
        var (slab, kernel) = (driver.Allocate(256), driver.Load(SmallKernels.Image()));
        SmallKernels.Launch(driver, kernel, slab, 64, groups: 5, threads: 96, sharedBytes: 16);
        Assert.That(library.Launches, Is.EqualTo(new[] { "Kernel 5 96 16" }));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            SmallKernels.Launch(driver, kernel, slab, 64);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(library.Launches, Has.Length.EqualTo(1001));
    }

    [Test]
    public void A_copy_allocates_nothing()
    {
        var slab = driver.Allocate(1 << 20);
        var values = new byte[1 << 20];
        driver.Write(slab, 0, values);
        driver.Read(slab, 0, values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            driver.Write(slab, 0, values);
            driver.Read(slab, 0, values);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_launch_that_the_driver_refuses_names_kernel_and_sizes()
    {
        var (slab, kernel) = (driver.Allocate(64), driver.Load(SmallKernels.Image()));
        Assert.That(
            () => SmallKernels.Launch(driver, kernel, slab, 16, threads: 2048),
            Throws.InstanceOf<KernelException>()
            .With.Message.Contains("cuLaunchKernel of 3 groups of 2048 threads and 0 bytes failed: CUDA_ERROR_INVALID_VALUE (1)"));
        Assert.That(library.Faults, Does.Contain("the grid, the group or the shared memory of Kernel is not allowed"));
    }

    [Test]
    public void A_view_beyond_its_memory_is_found()
    {
        var (slab, kernel) = (driver.Allocate(64), driver.Load(SmallKernels.Image()));
        Assert.That(() => SmallKernels.Launch(driver, kernel, slab, 17), Throws.InstanceOf<KernelException>());
        Assert.That(library.Faults, Does.Contain("a view of Kernel is no memory of the device"));
    }

    [Test]
    public void Shared_memory_above_48_KiB_is_asked_for_once()
    {
        var (slab, kernel) = (driver.Allocate(64), driver.Load(SmallKernels.Image()));
        SmallKernels.Launch(driver, kernel, slab, 16, sharedBytes: 48 << 10);
        Assert.That(library.Calls("cuFuncSetAttribute"), Is.Zero);
        for (var i = 0; i < 3; i++)
        {
            SmallKernels.Launch(driver, kernel, slab, 16, sharedBytes: 100 << 10);
            SmallKernels.Launch(driver, kernel, slab, 16, sharedBytes: 64 << 10);
        }

        Assert.That(library.Calls("cuFuncSetAttribute"), Is.EqualTo(1));
        Assert.That(
            () => SmallKernels.Launch(driver, kernel, slab, 16, sharedBytes: 164 << 10),
            Throws.InstanceOf<KernelException>().With.Message.EqualTo(
                "kernel test.small.plain: it needs 167,936 bytes of shared memory a group, cuda (Stand-in 0, compute capability 8.0) has 166,912; take "
                + "another variant"));
        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void A_recording_runs_when_it_is_replayed_as_often_as_it_is()
    {
        var (slab, kernel) = (driver.Allocate(256), driver.Load(SmallKernels.Image()));
        using var recording = driver.Record(() =>
        {
            SmallKernels.Launch(driver, kernel, slab, 64, groups: 1);
            SmallKernels.Launch(driver, kernel, slab, 32, groups: 2);
        });
        Assert.That(library.Launches, Is.Empty, "recorded, not run");
        recording.Replay();
        driver.Write(slab, 0, new byte[256]);
        recording.Replay();
        Assert.That(library.Launches, Is.EqualTo(new[] { "Kernel 1 64 0", "Kernel 2 64 0", "Kernel 1 64 0", "Kernel 2 64 0" }));
        Assert.That(library.Calls("cuLaunchKernel"), Is.EqualTo(2));
        var before = GC.GetAllocatedBytesForCurrentThread();
        recording.Replay();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        recording.Dispose();
        Assert.That(recording.Replay, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(recording.Dispose, Throws.Nothing);
        Assert.That(library.Faults, Is.Empty);
    }

    [Test]
    public void Memory_freed_under_a_recording_is_found_at_its_replay()
    {
        var (slab, kernel) = (driver.Allocate(256), driver.Load(SmallKernels.Image()));
        using var recording = driver.Record(() => SmallKernels.Launch(driver, kernel, slab, 64));
        driver.Free(slab, 256);
        Assert.That(recording.Replay, Throws.InstanceOf<Exception>().With.Message.Contains("cuGraphLaunch failed"));
        Assert.That(library.Faults, Does.Contain("a view of Kernel is no memory of the device"));
    }

    [Test]
    public void A_recording_holds_kernels_only()
    {
        var (slab, kernel) = (driver.Allocate(256), driver.Load(SmallKernels.Image()));
        Refuses(() => driver.Write(slab, 0, new byte[4]), "values are copied to the device");
        Refuses(() => driver.WriteAhead(slab, 0, new byte[4]), "values are copied to the device");
        Refuses(() => driver.CopyArrived(slab, []), "values that were copied to the device are taken");
        Refuses(() => driver.Read(slab, 0, new byte[4]), "values are copied from the device");
        Refuses(() => driver.Allocate(64), "memory is allocated");
        Refuses(() => driver.Load(SmallKernels.Image()), "the kernel test.small.plain is loaded");
        Refuses(driver.Synchronize, "the device is waited for");
        Refuses(() => driver.Record(() => { }), "another recording begins");

        // Nothing of a failed recording is left: launches run again, and are not recorded.
        SmallKernels.Launch(driver, kernel, slab, 64);
        Assert.That(library.Launches, Has.Length.EqualTo(1));
        Assert.That(library.Faults, Is.Empty);

        void Refuses(Action action, string what) => Assert.That(
            () => driver.Record(action),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains($"{what} while launches are recorded; a recording holds kernels only"));
    }

    [Test]
    public void Memory_given_back_while_launches_are_recorded_is_freed_afterwards()
    {
        var (slab, other, kernel) = (driver.Allocate(256), driver.Allocate(64), driver.Load(SmallKernels.Image()));
        using var recording = driver.Record(() =>
        {
            SmallKernels.Launch(driver, kernel, slab, 64);
            driver.Free(other, 64);
        });
        recording.Replay();
        Assert.That(library.Calls("cuMemFree_v2"), Is.EqualTo(1));
        Assert.That(library.Faults, Is.Empty);
    }

    /// <summary>The stand-in finds a missing wait: it copies as late as a driver may.</summary>
    [Test]
    public unsafe void A_planted_fault_is_found_page_locked_memory_used_anew_too_early()
    {
        var api = CudaApi.Load(library.Path);
        nint stream, memory;
        void* host;
        api.Check(api.StreamCreate(&stream, 1), "cuStreamCreate");
        api.Check(api.MemAlloc(&memory, 4), "cuMemAlloc");
        api.Check(api.MemHostAlloc(&host, 4, 0), "cuMemHostAlloc");
        *(int*)host = 1;
        api.Check(api.CopyToDevice(memory, host, 4, stream), "cuMemcpyHtoDAsync");
        *(int*)host = 2;
        int read;
        api.Check(api.CopyToHost(&read, memory, 4, stream), "cuMemcpyDtoHAsync");
        api.Check(api.StreamSynchronize(stream), "cuStreamSynchronize");
        Assert.That(read, Is.EqualTo(2), "the copy took what was there when it ran");
        api.Check(api.MemFree(memory), "cuMemFree");
        api.Check(api.MemFreeHost(host), "cuMemFreeHost");
        api.Check(api.StreamDestroy(stream), "cuStreamDestroy");
        Assert.That(api.StreamSynchronize(stream), Is.EqualTo(400));
        Assert.That(library.Faults, Does.Contain("cuStreamSynchronize: a stream is used after it was destroyed"));
    }

    [Test]
    public unsafe void Planted_faults_are_found_a_write_out_of_bounds_and_a_call_without_context()
    {
        var api = CudaApi.Load(library.Path);
        void* host;
        api.Check(api.MemHostAlloc(&host, 4, 0), "cuMemHostAlloc");
        ((byte*)host)[4] = 1;
        api.Check(api.MemFreeHost(host), "cuMemFreeHost");
        Assert.That(library.Faults, Does.Contain("host memory was written outside of its bounds"));
        var status = 0;
        var thread = new Thread(() => status = AllocateWithoutContext(api));
        thread.Start();
        thread.Join();
        Assert.That(status, Is.EqualTo(201));
        Assert.That(library.Faults, Does.Contain("cuMemAlloc_v2: no context is current on this thread"));
    }

    private static byte[] Pattern(int bytes, int seed)
    {
        var values = new byte[bytes];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (byte)((i * 31) + (i >> 8) + seed);
        }

        return values;
    }

    private static unsafe int AllocateWithoutContext(CudaApi api)
    {
        nint memory;
        return api.MemAlloc(&memory, 4);
    }
}
