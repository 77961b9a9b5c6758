using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>What goes wrong with an OpenCL device is one line that says what was given, what is allowed, what to do; nothing is left behind.</summary>
public sealed class OpenClErrorTests
{
    [Test]
    public void A_missing_library_is_named_with_what_to_install()
    {
        var error = Assert.Throws<GpuException>(() => OpenClApi.Load(["libNoSuchOpenCL.so.1", "libNoSuchOpenCL.so"]));
        Assert.That(error.Message, Does.Contain("libNoSuchOpenCL.so.1").And.Contain("libNoSuchOpenCL.so").And.Contain("install").And.Not.Contain("\n"));
    }

    [Test]
    public void A_library_that_is_no_OpenCL_is_named_with_the_function_it_lacks()
    {
        Assume.That(OperatingSystem.IsLinux());
        var error = Assert.Throws<GpuException>(() => OpenClApi.Load(["libc.so.6"]));
        Assert.That(error.Message, Does.Contain("libc.so.6").And.Contain("clGetPlatformIDs"));
    }

    [TestCase("99")]
    [TestCase("no such device")]
    public void A_device_that_is_not_there_is_named_beside_those_that_are(string which)
    {
        TestDevices.RequireOpenCl();
        var source = new IlgpuKernelSource();
        var error = Assert.Throws<GpuException>(() => GpuDevice.OpenCl(source, which).Dispose());
        Assert.That(error.Message, Does.Contain($"'{which}'").And.Contain($"0: {OpenClDevices.List()[0].Name}"));
    }

    [Test]
    public void A_device_is_found_by_index_and_by_part_of_its_name()
    {
        TestDevices.RequireOpenCl();
        var source = new IlgpuKernelSource();
        var name = OpenClDevices.List()[0].Name;
        foreach (var which in (string?[])[null, "0", name[..4].ToUpperInvariant()])
        {
            using var device = GpuDevice.OpenCl(source, which);
            Assert.That(device.Name, Does.Contain(name));
        }
    }

    [Test]
    public void Memory_beyond_the_devices_says_what_was_asked_and_what_is_held_and_nothing_is_lost()
    {
        var source = new IlgpuKernelSource();
        using var device = TestDevices.Open(KernelDevice.OpenCl, source);
        var kept = device.AllocatePersistent(Shape.Matrix(1, 1024));
        device.Upload(Values.Uniform("kept", 1024), kept);
        var held = device.HeldBytes;
        const int Rows = 1 << 20;
        var columns = (int)((OpenClDevices.List()[0].MemoryBytes / Rows / sizeof(float)) + 1024);
        var error = Assert.Throws<InsufficientMemoryException>(() => device.AllocatePersistent(Shape.Matrix(Rows, columns)));
        Assert.That(error.Message, Does.Contain(((long)Rows * columns * sizeof(float)).ToString("N0")).And.Contain($"{held:N0} are held")
            .And.Not.Contain("\n"));
        using (device.BeginStep())
        {
            Assert.Throws<InsufficientMemoryException>(() => device.Allocate(Shape.Matrix(Rows, columns)));
        }

        Assert.That(device.HeldBytes, Is.EqualTo(held));
        Assert.That(kept.ToArray(), Is.EqualTo(Values.Uniform("kept", 1024)), "the device goes on");
    }

    [Test]
    public void A_text_that_does_not_build_comes_with_the_drivers_log()
    {
        using var device = TestDevices.Open(KernelDevice.OpenCl, new BrokenSource("kernel void Kernel(global float* x) { x[0] = undeclared_name; }"));
        using var step = device.BeginStep();
        var error = Assert.Throws<KernelException>(() => device.Pointwise.Fill(device.Allocate(Shape.Matrix(1, 1)), 0));
        Assert.That(error.Message, Does.Contain("pointwise.fill.plain").And.Contain(device.Name).And.Contain("undeclared_name").And.Not.Contain("\n"));
    }

    [Test]
    public void A_text_without_its_kernel_is_named()
    {
        using var device = TestDevices.Open(KernelDevice.OpenCl, new BrokenSource("kernel void Other(global float* x) { x[0] = 0; }"));
        using var step = device.BeginStep();
        var error = Assert.Throws<KernelException>(() => device.Pointwise.Fill(device.Allocate(Shape.Matrix(1, 1)), 0));
        Assert.That(error.Message, Does.Contain("pointwise.fill.plain").And.Contain("no kernel of that name"));
    }

    [Test]
    public void Disposing_twice_does_nothing_and_tensors_of_a_disposed_device_are_refused()
    {
        var source = new IlgpuKernelSource();
        var device = TestDevices.Open(KernelDevice.OpenCl, source);
        var kept = device.AllocatePersistent(Shape.Matrix(2, 2));
        var step = device.BeginStep();
        var tensor = device.Allocate(Shape.Matrix(2, 2));
        device.Dispose();
        device.Dispose();
        step.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(device.HeldBytes, Is.Zero);
            Assert.Throws<ObjectDisposedException>(() => kept.ToArray());
            Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
            Assert.Throws<ObjectDisposedException>(() => device.BeginStep());
            Assert.Throws<ObjectDisposedException>(() => device.AllocatePersistent(Shape.Matrix(1, 1)));
            Assert.Throws<ObjectDisposedException>(() => device.Pointwise.Fill(kept, 0));
        });
    }

    [Test]
    public void Tensors_of_another_device_are_refused()
    {
        var source = new IlgpuKernelSource();
        using var device = TestDevices.Open(KernelDevice.OpenCl, source);
        using var other = TestDevices.Open(KernelDevice.OpenCl, source);
        var foreign = other.AllocatePersistent(Shape.Matrix(1, 1));
        Assert.That(() => device.Pointwise.Fill(foreign, 0), Throws.ArgumentException.With.Message.Contains("must be on one device"));
    }

    /// <summary>Queues, buffers, programs and kernels each hold a reference to their context: who alone holds the last one has seen all of them go.</summary>
    [Test]
    public void Disposing_leaves_nothing_that_holds_the_context()
    {
        var device = TestDevices.Open(KernelDevice.OpenCl, new IlgpuKernelSource());
        var context = ((OpenClDriver)device.Driver).Context;
        OpenClReferences.Retain(context);
        try
        {
            var opened = OpenClReferences.Count(context);
            device.Pointwise.Fill(device.AllocatePersistent(Shape.Matrix(1024, 4096)), 1f);
            using (device.BeginStep())
            {
                device.Pointwise.Fill(device.Allocate(Shape.Matrix(3, 5)), 1f);
            }

            Assert.That(OpenClReferences.Count(context), Is.GreaterThanOrEqualTo(opened + 3),
                "two buffers and a program at least: else the count shows nothing");
            device.Dispose();
            // PoCL lets go of the last commands on a thread of its own, a moment after they are done.
            Assert.That(() => OpenClReferences.Count(context), Is.EqualTo(1).After(10_000, pollingInterval: 10));
        }
        finally
        {
            OpenClReferences.Release(context);
        }
    }

    /// <summary>The same text for every kernel.</summary>
    private sealed class BrokenSource(string text) : IKernelSource
    {
        public KernelImage Load(string name, KernelTarget target) => new(
            name, target, "Kernel",
            [KernelParameter.View, KernelParameter.Word, KernelParameter.Word, KernelParameter.Word, KernelParameter.Word, KernelParameter.Real], text);
    }
}
