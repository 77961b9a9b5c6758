namespace LargeRec.Engine.Gpu.Images;

/// <summary>What a kernel's text is written for.</summary>
public enum KernelTarget
{
    /// <summary>OpenCL C 3.0 source.</summary>
    OpenCl,

    /// <summary>PTX for CUDA devices of compute capability 8.0 and later.</summary>
    Sm80,

    /// <summary>PTX for compute capability 9.0 and later.</summary>
    Sm90,

    /// <summary>PTX for compute capability 9.0 alone, with its own instructions.</summary>
    Sm90a,
}
