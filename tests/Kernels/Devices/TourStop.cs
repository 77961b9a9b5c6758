using LargeRec.Engine;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Something to compute on any device.</summary>
/// <param name="Name">What.</param>
/// <param name="Compute">Within an open step, or opening its own where <paramref name="OpensStep"/> says so.</param>
/// <param name="OpensStep">Whether it opens steps itself.</param>
internal sealed record TourStop(string Name, Func<Device, float[]> Compute, bool OpensStep = false)
{
    public float[] Run(Device device)
    {
        using var step = OpensStep ? null : device.BeginStep();
        return Compute(device);
    }

    public override string ToString() => Name;
}
