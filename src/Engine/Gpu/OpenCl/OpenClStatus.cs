namespace LargeRec.Engine.Gpu.OpenCl;

/// <summary>OpenCL's error codes in words.</summary>
internal static class OpenClStatus
{
    public const int OutOfDeviceMemory = -4;
    public const int OutOfResources = -5;
    public const int OutOfHostMemory = -6;
    public const int BuildFailed = -11;
    public const int InvalidBufferSize = -61;

    public static string Describe(int status) => status switch
    {
        -1 => "no device found (-1)",
        -2 => "the device is not available (-2)",
        OutOfDeviceMemory => "the device's memory is used up (-4)",
        OutOfResources => "the device ran out of resources or was lost (-5)",
        OutOfHostMemory => "the host's memory is used up (-6)",
        BuildFailed => "the program could not be built (-11)",
        -30 => "an invalid value (-30)",
        -45 => "an invalid program (-45)",
        -46 => "no kernel of that name (-46)",
        -48 => "an invalid kernel (-48)",
        -49 => "no argument at that place (-49)",
        -51 => "an argument of the wrong size (-51)",
        -52 => "arguments missing (-52)",
        -54 => "a group of too many threads (-54)",
        InvalidBufferSize => "a buffer of a size that the device does not take (-61)",
        -1001 => "no OpenCL platform is installed (-1001)",
        _ => $"code {status}",
    };
}
