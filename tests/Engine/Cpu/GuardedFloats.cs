using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>Floats whose last one ends where a page begins that nobody may touch: whoever reads on ends the process.</summary>
internal sealed unsafe partial class GuardedFloats : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadAndWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _pages;
    private readonly nuint _bytes;

    public GuardedFloats(int count)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("mmap and mprotect are called as Linux has them");
        }

        var page = (nuint)Environment.SystemPageSize;
        var used = (((nuint)count * sizeof(float)) + page - 1) / page * page;
        _bytes = used + page;
        _pages = Map(0, _bytes, ReadAndWrite, PrivateAnonymous, -1, 0);
        if (_pages == -1 || Protect(_pages + (nint)used, page, NoAccess) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        Count = count;
        Start = (float*)(_pages + (nint)used) - count;
    }

    public int Count { get; }

    public float* Start { get; }

    public void Fill(float value) => new Span<float>(Start, Count).Fill(value);

    public void Dispose() => _ = Unmap(_pages, _bytes);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
