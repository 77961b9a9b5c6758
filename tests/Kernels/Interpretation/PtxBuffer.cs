using System.Runtime.InteropServices;
using LargeRec.Kernels.Tests.Interpretation.Memory;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Device memory of an interpreter.</summary>
public sealed class PtxBuffer
{
    private readonly ulong address;

    internal PtxBuffer(Segment segment, ulong address)
    {
        Segment = segment;
        this.address = address;
    }

    /// <summary>Bytes.</summary>
    public long Length => Segment.Length;

    /// <summary>Bytes that neither the host nor a kernel has written.</summary>
    public long UnwrittenBytes => Segment.UnwrittenBytes;

    internal Segment Segment { get; }

    /// <summary>A copy of the whole buffer.</summary>
    public T[] Read<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Segment.Bytes).ToArray();

    /// <summary>Copies bytes from <paramref name="byteOffset"/> on.</summary>
    public void Read(long byteOffset, Span<byte> destination) => Segment.Bytes.Slice((int)byteOffset, destination.Length).CopyTo(destination);

    /// <summary>Overwrites bytes from <paramref name="byteOffset"/> on.</summary>
    public void Write(long byteOffset, ReadOnlySpan<byte> values)
    {
        values.CopyTo(Segment.Bytes[(int)byteOffset..]);
        Segment.MarkWritten(byteOffset, values.Length);
    }

    /// <summary>The whole buffer as an argument: pointer and length in elements of <typeparamref name="T"/>.</summary>
    public PtxArgument View<T>()
        where T : unmanaged => View<T>(0, Length / Marshal.SizeOf<T>());

    /// <summary>A part of the buffer as an argument, from <paramref name="offset"/>, both in elements.</summary>
    public PtxArgument View<T>(long offset, long length)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        if (offset < 0 || length < 0 || (offset + length) * size > Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"A view of {length} elements from {offset} does not lie in a buffer of {Length / size}.");
        }

        return PtxArgument.View(address + (ulong)(offset * size), length);
    }
}
