namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>The codes of the CUDA driver that mean something to us.</summary>
internal static class CudaStatus
{
    public const int OutOfMemory = 2;
    public const int NoDevice = 100;
    public const int InvalidImage = 200;
    public const int NoBinaryForDevice = 209;
    public const int InvalidPtx = 218;
    public const int UnsupportedPtxVersion = 222;
    public const int NotFound = 500;

    /// <summary>What to do about a status, or null.</summary>
    public static string? Remedy(int status) => status switch
    {
        NoDevice => "the driver finds no CUDA device: is one installed and visible (CUDA_VISIBLE_DEVICES)?",
        InvalidImage or InvalidPtx => "the kernel's text is damaged or written for another device",
        NoBinaryForDevice => "the kernels need compute capability 8.0 or later",
        UnsupportedPtxVersion => "the driver is older than the kernels' PTX 8.0: update it to CUDA 12 or later",
        700 or 716 or 717 or 718 or 719 => "a kernel failed; the device cannot be used any more by this process",
        4 or 201 or 709 => "the device's context is gone; start the program again",
        214 or 220 or 46 => "the device was lost or is held by another process",
        _ => null,
    };
}
