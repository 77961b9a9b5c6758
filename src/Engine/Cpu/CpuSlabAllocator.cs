using System.Runtime.InteropServices;
using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Cpu;

/// <summary>Memory of the host. Large tables are put on huge pages where the system lets programs choose: their rows are read anywhere, and each page has to be
/// found first.</summary>
internal sealed unsafe partial class CpuSlabAllocator : ISlabAllocator
{
    private const nuint Alignment = 64;
    private const nuint HugePage = 2 << 20;
    private const long FewestHugeBytes = 8L << 20;

    /// <summary>MADV_HUGEPAGE of Linux.</summary>
    private const int AdviseHugePage = 14;

    public nint Allocate(long bytes)
    {
        if (bytes < FewestHugeBytes || !OperatingSystem.IsLinux())
        {
            return (nint)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);
        }

        // Advice only: without huge pages the memory is as good, and slower.
        var slab = (nint)NativeMemory.AlignedAlloc(checked((nuint)bytes), HugePage);
        _ = Advise(slab, (nuint)bytes, AdviseHugePage);
        return slab;
    }

    public void Free(nint slab, long bytes) => NativeMemory.AlignedFree((void*)slab);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
