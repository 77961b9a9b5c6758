using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>A column on its way into a prepared file.</summary>
internal abstract class PreparedSection(PreparedSectionKind kind, int number, int valueBytes, long byteCount)
{
    public PreparedSectionKind Kind => kind;

    public int Number => number;

    public int ValueBytes => valueBytes;

    public long ByteCount => byteCount;

    public static PreparedSection Of<T>(PreparedSectionKind kind, Column<T> column, int number = 0) where T
        : unmanaged => new OfColumn<T>(kind, number, column);

    public ulong Checksum(CancellationToken cancellation)
    {
        var hash = new XxHash3();
        Pieces(hash.Append, cancellation);
        return hash.GetCurrentHashAsUInt64();
    }

    public void WriteTo(Stream stream, CancellationToken cancellation) => Pieces(stream.Write, cancellation);

    /// <summary>The bytes in order, in pieces of some megabytes.</summary>
    protected abstract void Pieces(PieceAction action, CancellationToken cancellation);

    protected delegate void PieceAction(ReadOnlySpan<byte> piece);

    private sealed class OfColumn<T>(PreparedSectionKind kind, int number, Column<T> column)
        : PreparedSection(kind, number, Unsafe.SizeOf<T>(), column.ByteCount)
        where T : unmanaged
    {
        private const int ValuesAPiece = 1 << 20;

        protected override void Pieces(PieceAction action, CancellationToken cancellation)
        {
            for (var rest = column.Span; !rest.IsEmpty;)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(rest.Length, ValuesAPiece);
                action(MemoryMarshal.AsBytes(rest[..count]));
                rest = rest[count..];
            }
        }
    }
}
