using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>What can be wrong with a machine, a driver or a device: one line that says what, and what to do.</summary>
[NonParallelizable]
public sealed class CudaErrorTests
{
    private readonly StandInLibrary library = StandInLibrary.Build("errors");

    [SetUp]
    public void Start() => library.Reset();

    [Test]
    public void A_missing_library() => Expect<GpuException>(
        () => CudaDriver.Open(null, "/nowhere/libcuda.so.1"), "CUDA: no driver found (looked for /nowhere/libcuda.so.1); install NVIDIA's driver, or "
        + "take --device cpu");

    [Test]
    public void A_driver_without_a_function()
    {
        var old = StandInLibrary.Build("old", "-DcuGraphInstantiateWithFlags=cuGraphOfLater");
        Expect<GpuException>(
            () => CudaDriver.Open(null, old.Path),
            "CUDA: the driver has no function cuGraphInstantiateWithFlags; it is older than CUDA 12, which the kernels need: update NVIDIA's driver");
    }

    [Test]
    public void An_old_driver()
    {
        library.Set("version", 11080);
        Expect<GpuException>(() => Open(), "CUDA: the driver speaks CUDA 11.8; the kernels need 12.0 or later: update NVIDIA's driver");
    }

    [Test]
    public void No_device()
    {
        library.Set("devices", 0);
        Expect<GpuException>(
            () => Open(), "CUDA: cuInit failed: CUDA_ERROR_NO_DEVICE (100), no CUDA-capable device is detected; is a device installed and visible "
            + "(CUDA_VISIBLE_DEVICES, nvidia-smi)?");
    }

    [Test]
    public void A_device_that_is_too_old()
    {
        library.Set("major", 7);
        library.Set("minor", 5);
        Expect<GpuException>(() => Open(), "CUDA: Stand-in 0 has compute capability 7.5; the kernels need 8.0 or later");
        Assert.That(CudaDevices.List(CudaApi.Load(library.Path))[0].ComputeCapability, Is.EqualTo(75), "a list shows it all the same");
    }

    [TestCase("2")]
    [TestCase("Tesla")]
    public void A_device_that_is_not_there(string which)
    {
        library.Set("devices", 2);
        Expect<GpuException>(() => Open(which), $"CUDA: there is no device '{which}' (there are 0: Stand-in 0, 1: Stand-in 1)");
    }

    [TestCase("1")]
    [TestCase("in 1")]
    public void The_chosen_device_is_taken(string which)
    {
        library.Set("devices", 2);
        using var driver = Open(which);
        Assert.That(driver.Name, Is.EqualTo("cuda (Stand-in 1, compute capability 8.0)"));
    }

    [TestCase("not PTX", "CUDA_ERROR_INVALID_PTX (218)", "Missing .version directive")]
    [TestCase(".version 9.9\n.target sm_80\n", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)", "update NVIDIA's driver")]
    [TestCase(".version 8.0\n.target sm_90a\n", "CUDA_ERROR_NO_BINARY_FOR_GPU (209)", "written for a later device")]
    public void A_wrong_image(string text, string code, string words)
    {
        using var driver = Open();
        var error = Expect<KernelException>(() => driver.Load(SmallKernels.Image() with { Text = text }),
            "kernel test.small.plain for Sm80: cuda (Stand-in 0, compute capability 8.0): cuModuleLoadDataEx refuses it: ");
        Assert.That(error.Message, Does.Contain(code).And.Contain(words));
    }

    [Test]
    public void An_image_without_its_entry()
    {
        using (var driver = Open())
        {
            Expect<KernelException>(() => driver.Load(SmallKernels.Image(entry: "Other")), "cuModuleGetFunction finds no entry 'Kernel': CUDA_ERROR_NOT_FOUND");
        }

        Assert.That((library.Leaked, library.Faults), Is.EqualTo((0L, "")));
    }

    [Test]
    public void Out_of_memory_names_what_was_asked_and_held()
    {
        library.Set("memory", 20 << 20);
        using var driver = Open();
        var slab = driver.Allocate(5 << 20);
        Expect<InsufficientMemoryException>(
            () => driver.Allocate(10 << 20), "cuMemAlloc: 10,485,760 bytes were asked for, 5,242,880 are held, 7,340,032 of 20,971,520 are free; end what "
            + "else uses the device, or take a smaller batch or model");
        driver.Free(slab, 5 << 20);
        Assert.That(driver.Allocate(10 << 20), Is.Not.Zero, "what was freed can be had again");
    }

    [Test]
    public void A_failed_kernel_is_named_at_the_next_wait()
    {
        using var driver = Open();
        var slab = driver.Allocate(64);
        SmallKernels.Launch(driver, driver.Load(SmallKernels.Image()), slab, 16);
        library.Fail("cuStreamSynchronize", status: 700, lasting: true);
        Expect<GpuException>(
            driver.Synchronize,
            "cuda (Stand-in 0, compute capability 8.0): cuStreamSynchronize failed: CUDA_ERROR_ILLEGAL_ADDRESS (700), an illegal memory access was "
            + "encountered; a kernel failed and the device is lost to this process: start again, and report this line (the latest kernel was "
            + "test.small.plain)");
    }

    [Test]
    public void A_lost_device_fails_clearly_at_every_call_and_can_be_disposed()
    {
        var driver = Open();
        var slab = driver.Allocate(64);
        var kernel = driver.Load(SmallKernels.Image());
        library.Fail("cuMemcpyDtoHAsync_v2", status: 214, lasting: true);
        const string Lost = "the device is lost: reset it or restart the machine, then resume from the last checkpoint";
        Expect<GpuException>(() => driver.Read(slab, 0, new byte[64]), Lost);
        Expect<GpuException>(() => driver.Write(slab, 0, new byte[64]), Lost);
        Expect<GpuException>(() => driver.Allocate(64), Lost);
        Expect<GpuException>(() => driver.Load(SmallKernels.Image()), Lost);
        Expect<GpuException>(() => SmallKernels.Launch(driver, kernel, slab, 16), Lost);
        Expect<GpuException>(driver.Synchronize, Lost);
        Assert.That(() => driver.Free(slab, 64), Throws.Nothing, "freeing happens while the error travels");
        Assert.That(driver.Dispose, Throws.Nothing);
    }

    [Test]
    public void Memory_that_cannot_be_freed_is_told_by_the_next_call_and_freed_at_the_end()
    {
        using (var driver = Open())
        {
            var slab = driver.Allocate(64);
            library.Fail("cuMemFree_v2", status: 1);
            driver.Free(slab, 64);
            Expect<GpuException>(driver.Synchronize, "cuMemFree failed: CUDA_ERROR_INVALID_VALUE (1)");
            Assert.That(driver.Synchronize, Throws.Nothing);
        }

        Assert.That((library.Leaked, library.Faults), Is.EqualTo((0L, "")));
    }

    [Test]
    public void After_dispose_nothing_is_called_any_more()
    {
        var driver = Open();
        driver.Dispose();
        Assert.That(() => driver.Allocate(64), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(driver.Synchronize, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(driver.Dispose, Throws.Nothing);
        Assert.That((library.Leaked, library.Faults), Is.EqualTo((0L, "")));
    }

    private static T Expect<T>(Action action, string message)
        where T : Exception
    {
        var error = Assert.Throws<T>(() => action())!;
        Assert.That(error.Message, Does.Contain(message).And.Not.Contain("\n"));
        return error;
    }

    private CudaDriver Open(string? which = null) => CudaDriver.Open(which, library.Path);
}
