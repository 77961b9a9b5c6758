namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>OpenCL's error codes in words.</summary>
internal static class OpenClStatus
{
    public const int OutOfDeviceMemory = -4;
    public const int OutOfResources = -5;
    public const int OutOfHostMemory = -6;
    public const int InvalidBufferSize = -61;
    private const int DeviceNotAvailable = -2;
    private const int BuildFailed = -11;
    private const int InvalidDevice = -33;
    private const int InvalidContext = -34;
    private const int InvalidQueue = -36;
    private const int InvalidProgram = -45;
    private const int MissingArguments = -52;
    private const int IllegalAccess = -9999;

    /// <summary>Whether the device's or the host's memory is used up: said by the call that asks for memory, or only by the one that first needs it.</summary>
    public static bool IsOutOfMemory(int status) => status is OutOfDeviceMemory or OutOfHostMemory;

    /// <summary>A status in words, and what to do.</summary>
    public static string Describe(int status) => $"{Words(status)}; {Remedy(status)}";

    /// <summary>A status in words.</summary>
    public static string Words(int status) => status switch
    {
        -1 => "no device found (-1)",
        DeviceNotAvailable => "the device is not available (-2)",
        OutOfDeviceMemory => "the device's memory is used up (-4)",
        OutOfResources => "the device ran out of resources or was lost (-5)",
        OutOfHostMemory => "the host's memory is used up (-6)",
        BuildFailed => "the program could not be built (-11)",
        -30 => "an invalid value (-30)",
        InvalidDevice => "the device is no longer one (-33)",
        InvalidContext => "the context is no longer one (-34)",
        InvalidQueue => "the queue is no longer one (-36)",
        -38 => "no such memory (-38)",
        InvalidProgram => "an invalid program (-45)",
        -46 => "no kernel of that name (-46)",
        -48 => "an invalid kernel (-48)",
        -49 => "no argument at that place (-49)",
        -51 => "an argument of the wrong size (-51)",
        MissingArguments => "arguments missing (-52)",
        -54 => "a group of too many threads (-54)",
        InvalidBufferSize => "a buffer of a size that the device does not take (-61)",
        -1001 => "no OpenCL platform is installed (-1001)",
        IllegalAccess => "a kernel touched memory that is not there (-9999)",
        _ => $"code {status}",
    };

    /// <summary>What to do about a status.</summary>
    public static string Remedy(int status) => status switch
    {
        DeviceNotAvailable => "end what else holds the device, or wait; if nothing does it is lost: restart the machine and resume from the last checkpoint",
        OutOfDeviceMemory or OutOfHostMemory or InvalidBufferSize => "end what else uses the device, or take a smaller batch or model",
        OutOfResources => "end what else uses the device, or take a smaller batch; where that does not help it is lost: start again, and resume from the "
        + "last checkpoint",
        BuildFailed or (>= MissingArguments and <= InvalidProgram) => "the kernel's text is damaged or written for another device: build the images again",
        InvalidDevice or InvalidContext or InvalidQueue => "the device is lost to this process: start again, and resume from the last checkpoint",
        IllegalAccess => "the device is lost to this process: start again, and report this line",
        -1001 => "install a driver for your device (for a CPU: PoCL)",
        _ => "is the driver in order (clinfo)? If so report this line",
    };
}
