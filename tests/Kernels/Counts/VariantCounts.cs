using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Benchmarks;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Tests.Counts;

/// <summary>What a variant's PTX asks of a GPU for each useful operation of a shape.</summary>
internal sealed record VariantCounts(KernelFamily Family, string Variant, KernelShape Shape)
{
    private const int Lanes = 32;
    private const int SectorBytes = 32;

    /// <summary>Instructions that warps issued, by 32 lanes, whether they take part or not.</summary>
    public required double Instructions { get; init; }

    /// <summary>Bytes of the sectors of 32 that accesses of warps to global memory touch.</summary>
    public required double GlobalBytes { get; init; }

    /// <summary>Bytes that the operation cannot do without.</summary>
    public required double NeededBytes { get; init; }

    /// <summary>Accesses of warps to shared memory, by 32 lanes.</summary>
    public required double SharedAccesses { get; init; }

    /// <summary>Passes over the banks that an access takes: 1 without conflicts, 4 at best for a quad a lane.</summary>
    public required double PassesOfAccess { get; init; }

    /// <summary>Counts by the interpreter of PTX.</summary>
    public static VariantCounts Of(KernelFamily family, KernelVariant variant, KernelShape shape)
    {
        var driver = new InterpretedDriver();
        using var device = new GpuDevice(driver, new IlgpuKernelSource());
        device.Select(new KernelSelection([$"{family}={variant}"]));
        using var step = device.BeginStep();
        var launch = new KernelBench(device, new DeviceCeilings(1, 1)).LaunchOf(family, shape);
        driver.Reports.Clear();
        launch();
        var reports = driver.Reports.Values.SelectMany(r => r).ToArray();
        var work = family.WorkOf(shape);
        var accesses = reports.Sum(r => r.SharedAccesses);
        return new VariantCounts(family, variant.Name, shape)
        {
            Instructions = (double)Lanes * reports.Sum(r => r.TotalWarpInstructions) / work.Operations,
            GlobalBytes = (double)SectorBytes * reports.Sum(r => r.GlobalLoadSectors + r.GlobalStoreSectors) / work.Operations,
            NeededBytes = work.Bytes / work.Operations,
            SharedAccesses = (double)Lanes * accesses / work.Operations,
            PassesOfAccess = accesses == 0 ? 0 : (double)reports.Sum(r => r.SharedPasses) / accesses,
        };
    }
}
