using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LargeRec.Engine.Cpu;

/// <summary>What widths this machine has.</summary>
public static class SimdWidths
{
    /// <summary>The widest register of this machine.</summary>
    public static SimdWidth Widest => Supports(SimdWidth.Bits512) ? SimdWidth.Bits512
        : Supports(SimdWidth.Bits256) ? SimdWidth.Bits256
        : SimdWidth.Bits128;

    /// <summary>Whether kernels of this width run here.</summary>
    public static bool Supports(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported,
        SimdWidth.Bits256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        SimdWidth.Bits128 => true,
        _ => false,
    };
}
