namespace LargeRec.Kernels.Tests.Interpretation.Memory;

/// <summary>The bytes of one buffer or variable, with, for each byte, whether it was written, and who touched what when.</summary>
internal sealed unsafe class Segment
{
    private const byte Unwritten = 0;
    private const byte Written = 1;
    private const byte Copying = 2;
    private readonly byte[] bytes;
    private readonly byte[]? states;

    /// <param name="copies">How many threads have one each (local memory); 1 for what threads share.</param>
    public Segment(string name, long length, bool isWritten, int copies = 1, bool isReadOnly = false)
    {
        Name = name;
        Length = length;
        IsReadOnly = isReadOnly;
        bytes = GC.AllocateArray<byte>(checked((int)(length * copies) + 1), pinned: true);
        states = isWritten ? null : new byte[length * copies];
    }

    public string Name { get; }

    /// <summary>Bytes, of one copy.</summary>
    public long Length { get; }

    public bool IsReadOnly { get; }

    /// <summary>Races are told where this is set.</summary>
    public AccessHistory? History { get; set; }

    public Span<byte> Bytes => bytes.AsSpan(0, bytes.Length - 1);

    public byte* Pointer => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes[0]);

    public long UnwrittenBytes => states is null ? 0 : states.AsSpan().Count(Unwritten);

    public bool TracksWrites => states is not null;

    public void Forget()
    {
        states?.AsSpan().Clear();
    }

    public bool IsRead(long offset, int size) => states is null || states.AsSpan((int)offset, size).IndexOfAnyExcept(Written) < 0;

    public bool IsCopying(long offset, int size) => states is not null && states.AsSpan((int)offset, size).Contains(Copying);

    public void MarkWritten(long offset, int size) => Mark(offset, size, Written);

    /// <summary>An asynchronous copy to here is under way.</summary>
    public void MarkCopying(long offset, int size) => Mark(offset, size, Copying);

    private void Mark(long offset, int size, byte state) => states?.AsSpan((int)offset, size).Fill(state);
}
