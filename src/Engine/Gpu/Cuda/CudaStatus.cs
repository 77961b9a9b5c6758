namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>The codes of the CUDA driver that mean something to us.</summary>
internal static class CudaStatus
{
    public const int OutOfMemory = 2;
    private const int Deinitialized = 4;
    private const int StubLibrary = 34;
    private const int DeviceUnavailable = 46;
    private const int NoDevice = 100;
    private const int InvalidImage = 200;
    private const int InvalidContext = 201;
    private const int NoBinaryForDevice = 209;
    private const int UncorrectableMemory = 214;
    private const int InvalidPtx = 218;
    private const int LinkUncorrectable = 220;
    private const int UnsupportedPtxVersion = 222;
    private const int IllegalAddress = 700;
    private const int LaunchOutOfResources = 701;
    private const int LaunchTimeout = 702;
    private const int ContextIsDestroyed = 709;
    private const int HardwareStackError = 714;
    private const int LaunchFailed = 719;
    private const int SystemNotReady = 802;
    private const int SystemDriverMismatch = 803;

    /// <summary>Whether a kernel that was queued before has failed, and the context with it.</summary>
    public static bool IsKernelFault(int status) => status is IllegalAddress or LaunchTimeout or (>= HardwareStackError and <= LaunchFailed);

    /// <summary>What to do about a status.</summary>
    public static string Remedy(int status) => status switch
    {
        OutOfMemory => "end what else uses the device, or take a smaller batch or model",
        StubLibrary => "the library is the toolkit's stub, not the driver: take its folder off the library path",
        NoDevice => "is a device installed and visible (CUDA_VISIBLE_DEVICES, nvidia-smi)?",
        InvalidImage or InvalidPtx => "the kernel's text is damaged or written for another device: build the images again",
        NoBinaryForDevice => "the kernel's text is written for a later device: build the images again, for this one",
        UnsupportedPtxVersion => "the driver is older than the kernels' PTX: update NVIDIA's driver",
        LaunchOutOfResources => "the kernel takes more registers than the device has for a group of this size: report this line",
        DeviceUnavailable => "the device is held by another process: end that one, or wait",
        UncorrectableMemory or LinkUncorrectable => "the device is lost: reset it or restart the machine, then resume from the last checkpoint",
        Deinitialized or InvalidContext or ContextIsDestroyed => "the device's context is gone: start the program again and resume from the last checkpoint",
        SystemNotReady => "the machine's GPU services are not up (nvidia-fabricmanager): start them",
        SystemDriverMismatch => "driver and kernel module differ: restart the machine",
        _ when IsKernelFault(status) => "a kernel failed and the device is lost to this process: start again, and report this line",
        _ => "is the driver in order (nvidia-smi, dmesg)? If so report this line",
    };
}
