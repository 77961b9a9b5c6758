using LargeRec.Engine.Cpu;

namespace LargeRec.Autograd.Tests;

/// <summary>The devices that every case runs on, made once a fixture.</summary>
internal sealed class CaseDevices : IDisposable
{
    private readonly Dictionary<(int, SimdWidth), CpuDevice> _devices = [];

    /// <summary>Thread counts whose results must be the same bits.</summary>
    public static int[] ThreadCounts => [1, 2, 3, 8];

    /// <summary>The SIMD widths that this machine has.</summary>
    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    public CpuDevice Get(int threads, SimdWidth width)
    {
        if (!_devices.TryGetValue((threads, width), out var device))
        {
            device = new CpuDevice(threads, width);
            _devices[(threads, width)] = device;
        }

        return device;
    }

    public void Dispose()
    {
        foreach (var device in _devices.Values)
        {
            device.Dispose();
        }
    }
}
