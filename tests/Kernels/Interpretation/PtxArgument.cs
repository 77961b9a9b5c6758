using System.Runtime.InteropServices;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>An argument of a kernel, as its bytes: a view is a pointer and a length in elements (16 bytes), as ILGPU passes it.</summary>
public sealed class PtxArgument
{
    private readonly byte[] bytes;

    private PtxArgument(byte[] bytes) => this.bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => bytes;

    public static implicit operator PtxArgument(int value) => Of(value);

    public static implicit operator PtxArgument(uint value) => Of(value);

    public static implicit operator PtxArgument(long value) => Of(value);

    public static implicit operator PtxArgument(ulong value) => Of(value);

    public static implicit operator PtxArgument(float value) => Of(value);

    public static implicit operator PtxArgument(double value) => Of(value);

    /// <summary>A scalar or a struct, as it lies in memory.</summary>
    public static PtxArgument Of<T>(T value)
        where T : unmanaged => new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray());

    internal static PtxArgument View(ulong address, long length) => Of((address, length));
}
