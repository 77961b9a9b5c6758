namespace LargeRec.Engine.Gpu.Driver;

/// <summary>A driver refused a call. The message names the call, the driver's own code and what to do where that is known.</summary>
public sealed class GpuException : Exception
{
    public GpuException(string message)
        : base(message)
    {
    }

    public GpuException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
