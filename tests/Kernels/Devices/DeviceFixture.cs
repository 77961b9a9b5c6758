using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Tests.Checks;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>One device opened for all tests of a fixture, beside the CPU that it is compared with.</summary>
public abstract class DeviceFixture(KernelDevice kind) : IDisposable
{
    private readonly CheckedSource source = new(kind == KernelDevice.OpenCl ? KernelCheck.Pocl : KernelCheck.Interpreter);
    private readonly CpuDevice cpu = new(1, SimdWidth.Bits256);
    private GpuDevice? device;

    protected GpuDevice Gpu => device!;

    protected CpuDevice Cpu => cpu;

    protected KernelDevice Kind { get; } = kind;

    [OneTimeSetUp]
    public void Open() => device = TestDevices.Open(Kind, source);

    [OneTimeTearDown]
    public void Dispose()
    {
        device?.Dispose();
        cpu.Dispose();
        source.Record();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same computation within a step of each device.</summary>
    protected (T Gpu, T Cpu) OnBoth<T>(Func<Device, T> compute) => (InStep(Gpu, compute), InStep(cpu, compute));

    protected static T InStep<T>(Device device, Func<Device, T> compute)
    {
        using var step = device.BeginStep();
        return compute(device);
    }

    /// <summary>The same exception, with the same words, on both devices.</summary>
    protected void FailsAlike<TException>(Action<Device> compute)
        where TException : Exception
    {
        var (onGpu, onCpu) = OnBoth(d => Assert.Throws<TException>(() => compute(d)).Message);
        Assert.That(onGpu, Is.EqualTo(onCpu));
    }
}
