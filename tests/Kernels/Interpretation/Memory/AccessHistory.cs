namespace LargeRec.Kernels.Tests.Interpretation.Memory;

/// <summary>Who makes an access, and at which point between barriers.</summary>
/// <param name="Thread">In its group.</param>
/// <param name="Warp">In its group.</param>
/// <param name="Group">Linear index in the grid.</param>
/// <param name="Epoch">Rises at each barrier of a group and from group to group, over all launches.</param>
/// <param name="WarpEpoch">Rises at each barrier of the warp.</param>
internal readonly record struct Accessor(int Thread, int Warp, int Group, int Epoch, int WarpEpoch);

internal enum AccessKind
{
    Read,
    Write,
    Atomic,
}

/// <summary>
/// The last writer and the last readers of each word of a buffer. Two accesses of which one writes conflict unless one thread makes both, a barrier
/// lies between them, or both are atomic. Groups are never ordered within a launch.
/// </summary>
internal sealed class AccessHistory(long length, int grain)
{
    private const int Several = -2;

    /// <summary>Bytes of a word: accesses within one are taken for accesses to the same.</summary>
    public int Grain => grain;

    private const int PageCells = 4096;

    /// <summary>A page comes to be when one of its words is touched: large buffers cost nothing where they lie idle.</summary>
    private readonly (Record[] Writers, Record[] Readers)?[] pages = new (Record[], Record[])?[(length / grain / PageCells) + 1];

    /// <summary>Notes an access to the bytes from <paramref name="offset"/>. Returns who conflicts with it, or null.</summary>
    /// <param name="firstEpoch">Accesses of earlier epochs belong to earlier launches.</param>
    public (int Thread, int Group, AccessKind Kind)? Note(long offset, int size, AccessKind kind, in Accessor me, int firstEpoch)
    {
        var last = (offset + size - 1) / grain;
        for (var cell = offset / grain; cell <= last; cell++)
        {
            var (writers, readers) = pages[cell / PageCells] ??= (new Record[PageCells], new Record[PageCells]);
            ref var writer = ref writers[cell % PageCells];
            if (Conflicts(writer, me, firstEpoch) && !(kind == AccessKind.Atomic && writer.Kind == AccessKind.Atomic))
            {
                return (writer.Thread, writer.Group, writer.Kind);
            }

            ref var reader = ref readers[cell % PageCells];
            if (kind == AccessKind.Read)
            {
                NoteReader(ref reader, me, firstEpoch);
                continue;
            }

            if (Conflicts(reader, me, firstEpoch))
            {
                return (reader.Thread, reader.Group, AccessKind.Read);
            }

            writer = new Record(me, kind);
        }

        return null;
    }

    private static bool Conflicts(in Record other, in Accessor me, int firstEpoch)
    {
        if (other.Epoch < firstEpoch || other.Epoch == 0 || (other.Thread == me.Thread && other.Group == me.Group))
        {
            return false;
        }

        if (other.Group != me.Group)
        {
            return true;
        }

        return other.Epoch == me.Epoch && (other.Warp != me.Warp || other.WarpEpoch == me.WarpEpoch);
    }

    private static void NoteReader(ref Record reader, in Accessor me, int firstEpoch)
    {
        var isStale = reader.Epoch < firstEpoch || reader.Epoch == 0 || (reader.Group == me.Group && reader.Epoch < me.Epoch);
        var isMine = reader.Thread == me.Thread && reader.Group == me.Group;
        if (isStale || isMine)
        {
            reader = new Record(me, AccessKind.Read);
            return;
        }

        reader.Thread = Several;
        reader.Warp = reader.Warp == me.Warp ? me.Warp : Several;
        reader.Group = reader.Group == me.Group ? me.Group : Several;
        reader.Epoch = me.Epoch;
        reader.WarpEpoch = me.WarpEpoch;
    }

    private struct Record(in Accessor accessor, AccessKind kind)
    {
        public int Thread = accessor.Thread;
        public int Warp = accessor.Warp;
        public int Group = accessor.Group;
        public int Epoch = accessor.Epoch;
        public int WarpEpoch = accessor.WarpEpoch;
        public AccessKind Kind = kind;
    }
}
