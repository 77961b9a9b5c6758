namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Where kernels run without a GPU.</summary>
public enum KernelDevice
{
    /// <summary>The OpenCL C, built and run by an OpenCL driver: PoCL, or oclgrind.</summary>
    OpenCl,

    /// <summary>The PTX, executed by the interpreter of the tests.</summary>
    InterpretedPtx,
}
