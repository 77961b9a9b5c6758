using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.OpenCl;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Opens devices for tests.</summary>
internal static class TestDevices
{
    /// <summary>The device; where there is no OpenCL the test is skipped and says so.</summary>
    public static GpuDevice Open(KernelDevice kind, IKernelSource source)
    {
        if (kind == KernelDevice.InterpretedPtx)
        {
            return new GpuDevice(new InterpretedDriver(), source);
        }

        RequireOpenCl();
        return GpuDevice.OpenCl(source);
    }

    public static void RequireOpenCl()
    {
        try
        {
            if (OpenClDevices.List().Count == 0)
            {
                Assert.Ignore("no OpenCL device: install PoCL (Debian: pocl-opencl-icd ocl-icd-libopencl1)");
            }
        }
        catch (GpuException exception)
        {
            Assert.Ignore($"no OpenCL: {exception.Message} (Debian: pocl-opencl-icd ocl-icd-libopencl1)");
        }
    }
}
