using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>Every call of a whole life of an OpenCL device fails once: one line that names the call and says what to do, nothing left behind, no
/// crash.</summary>
[NonParallelizable]
public sealed class OpenClFailureTests
{
    private const int OutOfDeviceMemory = -4;
    private const int OutOfResources = -5;
    private const int OutOfHostMemory = -6;
    private const int Unknown = -777;

    private readonly IlgpuKernelSource _source = new();
    private OpenClBetween _library = null!;

    [OneTimeSetUp]
    public void Build() => _library = OpenClBetween.Build("failures");

    [SetUp]
    public void Start() => _library.Reset();

    [Test]
    public void A_whole_life_leaves_nothing()
    {
        Live(_source);
        Assert.That(_library.Alive, Is.Zero);
        Assert.That(_library.Calls("clCreateBuffer"), Is.EqualTo(_library.Calls("clReleaseMemObject")).And.GreaterThan(2));
    }

    [Test]
    public void Each_call_fails_once([Values(Unknown, OutOfDeviceMemory)] int status)
    {
        // A text that does not build makes the library say why, which may fail as well.
        var (broken, good) = (Calls(new BrokenSource()), Calls(_source));
        var walked = 0;
        foreach (var (call, count) in good)
        {
            foreach (var nth in new HashSet<long> { 1, Math.Min(2, count), (count + 1) / 2, count })
            {
                Walk(call, nth, _source);
            }
        }

        Walk("clGetProgramBuildInfo", 1, new BrokenSource());
        Walk("clGetProgramBuildInfo", 2, new BrokenSource());
        TestContext.Out.WriteLine($"{walked} failures of {good.Count} functions");
        Assert.That(good, Has.Count.EqualTo(26), "functions of a whole life");
        Assert.That(broken["clGetProgramBuildInfo"], Is.EqualTo(2));

        void Walk(string call, long nth, IKernelSource kernels)
        {
            _library.Reset();
            _library.Fail(call, status, nth);
            var error = Caught(kernels);
            var where = $"{call}, {nth}: {error?.Message ?? "no error"}";
            var isCleaning = call.StartsWith("clRelease", StringComparison.Ordinal);
            Assert.That(_library.Alive, Is.LessThanOrEqualTo(isCleaning ? 1 : 0), where);

            // What is released last, or waited for while the device is taken down, fails silently.
            if (error is not null || !(isCleaning || call is "clFinish" or "clEnqueueUnmapMemObject"))
            {
                Assert.That(error, Is.InstanceOf<GpuException>().Or.InstanceOf<KernelException>().Or.InstanceOf<InsufficientMemoryException>(), where);
                Assert.That(error!.Message, Does.Contain(call == "clGetProgramBuildInfo" ? "clBuildProgram" : call).And.Not.Contain("\n"), where);
                Assert.That(error.Message, Does.Contain(call == "clGetProgramBuildInfo" ? "(-11)" : status == Unknown
                    ? "code -777; is the driver in order (clinfo)?" : "the device's memory is used up (-4); end what else"), where);
            }

            walked++;
        }
    }

    /// <summary>Drivers may take memory only when it is first used: the call that finds none says what was asked for before and what is held.</summary>
    [Test]
    public void Out_of_memory_at_any_call_says_what_was_asked_and_held(
        [Values("clCreateBuffer", "clEnqueueWriteBuffer", "clEnqueueReadBuffer", "clEnqueueNDRangeKernel", "clFinish")] string call,
        [Values(OutOfDeviceMemory, OutOfHostMemory)] int status)
    {
        using (var driver = OpenClDriver.Open(null, _library.Api))
        {
            var (held, last) = (driver.Allocate(1 << 20), driver.Allocate(4096));
            var image = _source.Load("pointwise.fill.plain", KernelTarget.OpenCl);
            var kernel = driver.Load(image);
            _library.Fail(call, status);
            var error = Assert.Throws<InsufficientMemoryException>(() => Everything(driver, kernel, image, last));
            Assert.That(error.Message, Does.Contain(call).And.Contain(call == "clCreateBuffer" ? "8,192 bytes were asked for and"
                : "8,192 bytes were asked for last and"));
            Assert.That(error.Message, Does.Contain("1,052,672 are held of the device's ").And.Contain("take a smaller batch or model").And.Not.Contain("\n"));
            Assert.That(() => Everything(driver, kernel, image, last), Throws.Nothing, "the device goes on");
            driver.Free(held, 1 << 20);
        }

        Assert.That(_library.Alive, Is.Zero);
    }

    [Test]
    public void Used_up_resources_say_what_is_held([Values("clEnqueueWriteBuffer", "clEnqueueReadBuffer", "clFinish")] string call)
    {
        using var driver = OpenClDriver.Open(null, _library.Api);
        var slab = driver.Allocate(4096);
        var image = _source.Load("pointwise.fill.plain", KernelTarget.OpenCl);
        var kernel = driver.Load(image);
        _library.Fail(call, OutOfResources);
        var error = Assert.Throws<GpuException>(() => Everything(driver, kernel, image, slab));
        Assert.That(error.Message, Does.Contain($"{call} failed: the device ran out of resources or was lost (-5)").And.Contain("take a smaller batch")
            .And.Contain("; 4,096 bytes are held"));
    }

    [TestCase(-36, "the device is lost to this process: start again, and resume from the last checkpoint")]
    [TestCase(-9999, "a kernel touched memory that is not there (-9999); the device is lost to this process")]
    public void A_lost_device_fails_clearly_at_every_call_and_can_be_disposed(int status, string lost)
    {
        var driver = OpenClDriver.Open(null, _library.Api);
        var slab = driver.Allocate(4096);
        var image = _source.Load("pointwise.fill.plain", KernelTarget.OpenCl);
        var kernel = driver.Load(image);
        Launch(driver, kernel, image, slab);
        _library.Fail("clFinish", status, lasting: true);
        Assert.That(driver.Synchronize, Throws.TypeOf<GpuException>().With.Message.Contains(lost)
            .And.Message.Contains("(the latest kernel was pointwise.fill.plain)"));
        Assert.That(() => driver.Read(slab, 0, new byte[64]), Throws.TypeOf<GpuException>().With.Message.Contains(lost));
        Assert.That(() => driver.Write(slab, 0, new byte[64]), Throws.TypeOf<GpuException>().With.Message.Contains(lost));
        Assert.That(() => driver.Allocate(64), Throws.TypeOf<GpuException>().With.Message.Contains(lost));
        Assert.That(() => driver.Load(image), Throws.TypeOf<GpuException>().With.Message.Contains(lost));
        Assert.That(() => Launch(driver, kernel, image, slab), Throws.TypeOf<KernelException>().With.Message.Contains(lost));
        Assert.That(() => driver.Free(slab, 4096), Throws.Nothing, "freeing happens while the error travels");
        Assert.That(driver.Dispose, Throws.Nothing);
    }

    [TestCase("OpenCL 1.0 Old", true)]
    [TestCase("OpenCL 1.1 Old", true)]
    [TestCase("OpenCL 1.2 New", false)]
    [TestCase("OpenCL 3.0 New", false)]
    public void A_device_of_an_old_OpenCL_is_refused_and_listed(string version, bool isOld)
    {
        _library.SetVersion(version);
        if (isOld)
        {
            Assert.That(
                () => OpenClDriver.Open(null, _library.Api),
                Throws.TypeOf<GpuException>().With.Message.Match($"^OpenCL: .+ speaks {version}; the kernels need OpenCL 1.2 or later: update its driver$"));
        }
        else
        {
            Assert.That(() => OpenClDriver.Open(null, _library.Api).Dispose(), Throws.Nothing);
        }

        Assert.That(OpenClDevices.List(_library.Api)[0].IsTooOld, Is.EqualTo(isOld), "a list shows it all the same");
        Assert.That(_library.Alive, Is.Zero);
    }

    [Test]
    public void After_dispose_nothing_is_called_any_more()
    {
        var driver = OpenClDriver.Open(null, _library.Api);
        driver.Dispose();
        var finished = _library.Calls("clFinish");
        var made = _library.Calls("clCreateBuffer");
        Assert.That(() => driver.Allocate(64), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(driver.Synchronize, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(driver.Dispose, Throws.Nothing);
        Assert.That((_library.Calls("clFinish"), _library.Calls("clCreateBuffer"), _library.Alive), Is.EqualTo((finished, made, 0L)));
    }

    private static void Everything(OpenClDriver driver, nint kernel, KernelImage image, nint slab)
    {
        driver.Free(driver.Allocate(8192), 8192);
        driver.Write(slab, 0, new byte[64]);
        Launch(driver, kernel, image, slab);
        driver.Read(slab, 0, new byte[64]);
        driver.Synchronize();
    }

    /// <summary>pointwise.fill of the first 16 words.</summary>
    private static void Launch(OpenClDriver driver, nint kernel, KernelImage image, nint slab) => driver.Launch(
        kernel,
        image,
        1,
        256,
        0,
        [
            new(KernelParameter.View, slab, 16), new(KernelParameter.Word, 0, 0), new(KernelParameter.Word, 0, 16), new(KernelParameter.Word, 0, 1),
            new(KernelParameter.Word, 0, 16), new(KernelParameter.Real, 0, 0),
        ]);

    private Dictionary<string, long> Calls(IKernelSource kernels)
    {
        _library.Reset();
        Caught(kernels);
        return _library.CallNames.Where(n => _library.Calls(n) > 0).ToDictionary(n => n, _library.Calls);
    }

    private Exception? Caught(IKernelSource kernels)
    {
        try
        {
            Live(kernels);
            return null;
        }
        catch (Exception exception) when (exception is GpuException or KernelException or InsufficientMemoryException)
        {
            return exception;
        }
    }

    /// <summary>Open, allocate, upload, load, launch, read, copy ahead, wait, dispose.</summary>
    private void Live(IKernelSource kernels)
    {
        using var device = new GpuDevice(OpenClDriver.Open(null, _library.Api), kernels);
        var parameter = device.AllocatePersistent(Shape.Matrix(5, 7));
        device.Upload(new float[35], parameter);
        for (var i = 0; i < 2; i++)
        {
            using var step = device.BeginStep();
            var input = device.Upload(new float[35], Shape.Matrix(5, 7));
            var large = device.Allocate(Shape.Matrix(1 << 10, 1 << 10));
            device.Pointwise.Fill(large, 1);
            device.Pointwise.Add(input, parameter);
            _ = parameter.ToArray();
        }

        var inputs = device.NewStepInputs();
        var layout = new JaggedLayout([0, 3, 5]);
        var arrays = new IndexTensor[1];
        for (var i = 0; i < 3; i++)
        {
            inputs.Begin(layout);
            inputs.Add([1, 2, 3, 4, 5], i * 1000);
            inputs.Send();
            using var step = device.BeginStep();
            inputs.Take(arrays);
            _ = arrays[0].ToArray();
        }

        device.Driver.Synchronize();
        device.Release(parameter);
    }

    private sealed class BrokenSource : IKernelSource
    {
        public KernelImage Load(string name, KernelTarget target) => new(
            name,
            target,
            "Kernel",
            [KernelParameter.View, KernelParameter.Word, KernelParameter.Word, KernelParameter.Word, KernelParameter.Word, KernelParameter.Real],
            "kernel void Kernel(global float* x) { x[0] = undeclared_name; }");
    }
}
