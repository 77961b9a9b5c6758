using LargeRec.Engine.Cpu;

namespace LargeRec.Training.Tests;

/// <summary>A folder for runs and a device, new for each test.</summary>
public abstract class RunFixture
{
    private TemporaryFolder? _folder;
    private CpuDevice? _device;

    private protected TemporaryFolder Folder => _folder!;

    protected CpuDevice Device => _device!;

    [SetUp]
    public void Start() => (_folder, _device) = (new TemporaryFolder(), new CpuDevice(2));

    [TearDown]
    public void Stop()
    {
        _device?.Dispose();
        _folder?.Dispose();
    }
}
