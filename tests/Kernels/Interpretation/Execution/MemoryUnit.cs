using System.Globalization;
using LargeRec.Kernels.Tests.Interpretation.Memory;

namespace LargeRec.Kernels.Tests.Interpretation.Execution;

/// <summary>Checks every access of a warp's lanes and says where its bytes are.</summary>
internal sealed unsafe class MemoryUnit(Warp warp, ThreadGroup group, LaunchState launch)
{
    private readonly TrafficCounter traffic = new();
    private PtxSpace counted;

    /// <summary>Starts the access of one instruction.</summary>
    public void Begin()
    {
        traffic.Begin();
        counted = PtxSpace.Generic;
    }

    /// <summary>Adds what the instruction asked for to the launch's counts.</summary>
    public void End(AccessKind kind)
    {
        var counts = launch.Counts;
        if (traffic.Sectors > 0 && kind == AccessKind.Read)
        {
            counts.GlobalLoads++;
            counts.GlobalLoadSectors += traffic.Sectors;
        }
        else if (traffic.Sectors > 0)
        {
            counts.GlobalStores++;
            counts.GlobalStoreSectors += traffic.Sectors;
        }

        if (traffic.Passes > 0)
        {
            counts.SharedAccesses++;
            counts.SharedPasses += traffic.Passes;
        }

        if (counted == PtxSpace.Local)
        {
            counts.LocalAccesses++;
        }
    }

    /// <summary>The bytes at an address, after the checks of alignment, bounds, initialisation and races.</summary>
    public byte* Access(PtxSpace space, ulong address, int size, AccessKind kind, int lane)
    {
        var (segment, offset) = Locate(ref space, address, size, kind, lane);
        if (kind != AccessKind.Write && !segment.IsRead(offset, size))
        {
            throw Unread(segment, offset, size, lane);
        }

        if (kind != AccessKind.Read)
        {
            if (segment.IsReadOnly)
            {
                throw warp.FailAt(PtxErrorKind.OutOfBounds, $"'{segment.Name}' is read-only and is written", lane);
            }

            if (segment.IsCopying(offset, size))
            {
                throw warp.FailAt(PtxErrorKind.UnsettledCopy, $"{Place(segment, offset, size)} is written while an asynchronous copy to it is under way", lane);
            }

            segment.MarkWritten(offset, size);
        }

        CheckRace(space, segment, offset, size, kind, lane);
        Count(space, address, size, lane);
        return segment.Pointer + offset;
    }

    /// <summary>Begins an asynchronous copy to an address: nothing may touch it before the copy is waited for.</summary>
    public (Segment Segment, long Offset) BeginCopy(ulong address, int size, int lane)
    {
        var space = PtxSpace.Shared;
        var (segment, offset) = Locate(ref space, address, size, AccessKind.Write, lane);
        CheckRace(space, segment, offset, size, AccessKind.Write, lane);
        Count(space, address, size, lane);
        segment.MarkCopying(offset, size);
        return (segment, offset);
    }

    public void EndCopy(Segment segment, long offset, ReadOnlySpan<byte> data, int lane)
    {
        data.CopyTo(segment.Bytes[(int)offset..]);
        segment.MarkWritten(offset, data.Length);
        CheckRace(PtxSpace.Shared, segment, offset, data.Length, AccessKind.Write, lane);
    }

    private (Segment Segment, long Offset) Locate(ref PtxSpace space, ulong address, int size, AccessKind kind, int lane)
    {
        var narrow = address;
        if (space == PtxSpace.Generic)
        {
            space = Resolve(ref narrow);
        }

        if ((address & (ulong)(size - 1)) != 0)
        {
            throw warp.FailAt(PtxErrorKind.Misaligned, $"an access of {size} bytes at address 0x{address:x}, which is not a multiple of {size}", lane);
        }

        var isNarrow = space is PtxSpace.Shared or PtxSpace.Local;
        var segment = isNarrow ? FindNarrow(space, narrow) : FindGlobal(narrow);
        var offset = isNarrow
            ? (long)(narrow & ((1UL << AddressLayout.NarrowShift) - 1)) - AddressLayout.NarrowBase
            : (long)(narrow & ((1UL << AddressLayout.GlobalShift) - 1)) - (long)AddressLayout.GlobalBase;
        if (segment is null || offset < 0 || offset + size > segment.Length)
        {
            throw Outside(segment, space, offset, address, size, kind, lane);
        }

        return (segment, space == PtxSpace.Local ? offset + (segment.Length * warp.Thread(lane)) : offset);
    }

    private static PtxSpace Resolve(ref ulong address)
    {
        if (address - AddressLayout.SharedWindow < AddressLayout.WindowLength)
        {
            address -= AddressLayout.SharedWindow;
            return PtxSpace.Shared;
        }

        if (address - AddressLayout.LocalWindow < AddressLayout.WindowLength)
        {
            address -= AddressLayout.LocalWindow;
            return PtxSpace.Local;
        }

        return PtxSpace.Global;
    }

    private Segment? FindNarrow(PtxSpace space, ulong address)
    {
        var segments = space == PtxSpace.Shared ? group.Shared : group.Local;
        var index = (address >> AddressLayout.NarrowShift) - 1;
        return index < (ulong)segments.Length ? segments[index] : null;
    }

    private Segment? FindGlobal(ulong address)
    {
        var number = address >> AddressLayout.GlobalShift;
        if (number - AddressLayout.FirstModuleVariable < (ulong)launch.Module.Length)
        {
            return launch.Module[number - AddressLayout.FirstModuleVariable];
        }

        return number - 1 < (ulong)launch.Buffers.Count ? launch.Buffers[(int)(number - 1)] : null;
    }

    private void CheckRace(PtxSpace space, Segment segment, long offset, int size, AccessKind kind, int lane)
    {
        if (segment.History is null)
        {
            return;
        }

        var me = new Accessor(warp.Thread(lane), warp.Index, group.Index, launch.Epoch, warp.MeetingEpoch);
        if (segment.History.Note(offset, size, kind, me, space == PtxSpace.Shared ? group.FirstEpoch : launch.FirstEpoch) is not { } other)
        {
            return;
        }

        var mine = kind == AccessKind.Read ? "reads" : "writes";
        var theirs = other.Kind == AccessKind.Read ? "read it" : "wrote it";
        var who = other.Thread < 0 ? "several threads" : $"thread {other.Thread} of group {other.Group}";
        throw warp.FailAt(PtxErrorKind.Race, $"a race: this thread {mine} {Place(segment, offset, size)} and {who} {theirs} with no barrier in between", lane);
    }

    private void Count(PtxSpace space, ulong address, int size, int lane)
    {
        counted = space;
        if (space == PtxSpace.Shared)
        {
            traffic.AddShared(address, size, lane);
        }
        else if (space != PtxSpace.Local)
        {
            traffic.AddGlobal(address, size);
        }
    }

    private PtxException Unread(Segment segment, long offset, int size, int lane) => segment.IsCopying(offset, size)
        ? warp.FailAt(PtxErrorKind.UnsettledCopy, $"{Place(segment, offset, size)} is read before the asynchronous copy to it was waited for", lane)
        : warp.FailAt(PtxErrorKind.UnwrittenMemory, $"{Place(segment, offset, size)} is read and nothing has written it", lane);

    private PtxException Outside(Segment? segment, PtxSpace space, long offset, ulong address, int size, AccessKind kind, int lane)
    {
        var verb = kind == AccessKind.Read ? "reads" : "writes";
        var message = segment is null
            ? $"{verb} {size} bytes at {space} address 0x{address:x}, where nothing lies"
            : string.Create(CultureInfo.InvariantCulture, $"{verb} {size} bytes at byte {offset} of '{segment.Name}', which has {segment.Length}");
        return warp.FailAt(PtxErrorKind.OutOfBounds, message, lane);
    }

    private static string Place(Segment segment, long offset, int size) =>
        string.Create(CultureInfo.InvariantCulture, $"'{segment.Name}' at byte {offset % Math.Max(1, segment.Length)} ({size} bytes)");
}
