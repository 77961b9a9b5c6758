namespace LargeRec.Kernels.Tests.Interpretation.Memory;

/// <summary>
/// Where things lie in the address space: every buffer in the middle of a tebibyte of its own, every shared or local variable in a mebibyte of
/// its own, so that an index that runs off, by one or by 2^32 elements, meets nothing else.
/// </summary>
internal static class AddressLayout
{
    public const int GlobalShift = 40;
    public const ulong GlobalBase = 1UL << 39;

    /// <summary>Module-level variables are numbered from here, launch buffers from 1.</summary>
    public const int FirstModuleVariable = 0x80_0000;

    public const int NarrowShift = 20;
    public const uint NarrowBase = 0x4_0000;
    public const long NarrowLimit = (1 << NarrowShift) - (2 * NarrowBase);

    /// <summary>Where shared and local memory appear among generic addresses.</summary>
    public const ulong SharedWindow = 0x20_0000_0000;
    public const ulong LocalWindow = 0x40_0000_0000;
    public const ulong WindowLength = 1UL << 32;

    public static ulong Global(int index) => ((ulong)(index + 1) << GlobalShift) + GlobalBase;

    public static ulong Module(int index) => ((ulong)(FirstModuleVariable + index) << GlobalShift) + GlobalBase;

    public static ulong Narrow(int index) => ((ulong)(index + 1) << NarrowShift) + NarrowBase;
}
