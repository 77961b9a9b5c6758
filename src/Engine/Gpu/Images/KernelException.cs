namespace LargeRec.Engine.Gpu.Images;

/// <summary>A kernel cannot be compiled, loaded or launched. The message names the kernel, the target and the reason.</summary>
public sealed class KernelException : Exception
{
    public KernelException(string message)
        : base(message)
    {
    }

    public KernelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
