using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>
/// <c>cvt</c>. Integers are cut or extended by the source's sign; <c>.sat</c> clamps instead. A float becomes an integer clamped to its range, NaN
/// becomes 0. Narrow results are extended to the register's width.
/// </summary>
internal static class Conversions
{
    public static void AddTo(InstructionTable table)
    {
        AddFrom<sbyte>(table, PtxType.S8, "s8");
        AddFrom<byte>(table, PtxType.U8, "u8");
        AddFrom<short>(table, PtxType.S16, "s16");
        AddFrom<ushort>(table, PtxType.U16, "u16");
        AddFrom<int>(table, PtxType.S32, "s32");
        AddFrom<uint>(table, PtxType.U32, "u32");
        AddFrom<long>(table, PtxType.S64, "s64");
        AddFrom<ulong>(table, PtxType.U64, "u64");
        AddFromFloat<Half>(table, PtxType.F16, "f16");
        AddFromFloat<float>(table, PtxType.F32, "f32");
        AddFromFloat<double>(table, PtxType.F64, "f64");
        AddBetweenFloats(table);
        AddTensorFormats(table);
    }

    private static void AddFrom<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryInteger<T>
    {
        AddInteger<sbyte, T>(table, PtxType.S8, "s8", type, suffix);
        AddInteger<byte, T>(table, PtxType.U8, "u8", type, suffix);
        AddInteger<short, T>(table, PtxType.S16, "s16", type, suffix);
        AddInteger<ushort, T>(table, PtxType.U16, "u16", type, suffix);
        AddInteger<int, T>(table, PtxType.S32, "s32", type, suffix);
        AddInteger<uint, T>(table, PtxType.U32, "u32", type, suffix);
        AddInteger<long, T>(table, PtxType.S64, "s64", type, suffix);
        AddInteger<ulong, T>(table, PtxType.U64, "u64", type, suffix);
        table.Add($"cvt.rn.f16.{suffix}", PtxType.F16, [type], Lanes.Unary<ToHalf<T>, T, Half>());
        table.Add($"cvt.rn.f32.{suffix}", PtxType.F32, [type], Lanes.Unary<ToSingle<T>, T, float>());
        table.Add($"cvt.rn.f64.{suffix}", PtxType.F64, [type], Lanes.Unary<ToDouble<T>, T, double>());
    }

    private static void AddInteger<TOut, TIn>(InstructionTable table, PtxType to, string toSuffix, PtxType from, string fromSuffix)
        where TOut : unmanaged, IBinaryInteger<TOut>
        where TIn : unmanaged, IBinaryInteger<TIn>
    {
        table.Add($"cvt.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<Truncate<TIn, TOut>, TIn, TOut>());
        table.Add($"cvt.sat.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<Clamp<TIn, TOut>, TIn, TOut>());
    }

    private static void AddFromFloat<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AddRoundings<sbyte, T>(table, PtxType.S8, "s8", type, suffix);
        AddRoundings<byte, T>(table, PtxType.U8, "u8", type, suffix);
        AddRoundings<short, T>(table, PtxType.S16, "s16", type, suffix);
        AddRoundings<ushort, T>(table, PtxType.U16, "u16", type, suffix);
        AddRoundings<int, T>(table, PtxType.S32, "s32", type, suffix);
        AddRoundings<uint, T>(table, PtxType.U32, "u32", type, suffix);
        AddRoundings<long, T>(table, PtxType.S64, "s64", type, suffix);
        AddRoundings<ulong, T>(table, PtxType.U64, "u64", type, suffix);
        table.Add($"cvt.rzi.{suffix}.{suffix}", type, [type], Lanes.Unary<Round<T, TowardsZero>, T, T>());
        table.Add($"cvt.rni.{suffix}.{suffix}", type, [type], Lanes.Unary<Round<T, ToNearest>, T, T>());
        table.Add($"cvt.rmi.{suffix}.{suffix}", type, [type], Lanes.Unary<Round<T, Down>, T, T>());
        table.Add($"cvt.rpi.{suffix}.{suffix}", type, [type], Lanes.Unary<Round<T, Up>, T, T>());
    }

    private static void AddRoundings<TOut, TIn>(InstructionTable table, PtxType to, string toSuffix, PtxType from, string fromSuffix)
        where TOut : unmanaged, IBinaryInteger<TOut>
        where TIn : unmanaged, IBinaryFloatingPointIeee754<TIn>
    {
        table.Add($"cvt.rzi.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<ToInteger<TIn, TOut, TowardsZero>, TIn, TOut>());
        table.Add($"cvt.rni.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<ToInteger<TIn, TOut, ToNearest>, TIn, TOut>());
        table.Add($"cvt.rmi.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<ToInteger<TIn, TOut, Down>, TIn, TOut>());
        table.Add($"cvt.rpi.{toSuffix}.{fromSuffix}", to, [from], Lanes.Unary<ToInteger<TIn, TOut, Up>, TIn, TOut>());
    }

    private static void AddBetweenFloats(InstructionTable table)
    {
        table.Add("cvt.f32.f16", PtxType.F32, [PtxType.F16], Lanes.Unary<Widen<Half, float>, Half, float>());
        table.Add("cvt.f64.f16", PtxType.F64, [PtxType.F16], Lanes.Unary<Widen<Half, double>, Half, double>());
        table.Add("cvt.f64.f32", PtxType.F64, [PtxType.F32], Lanes.Unary<Widen<float, double>, float, double>());
        table.Add("cvt.rn.f16.f32", PtxType.F16, [PtxType.F32], Lanes.Unary<Widen<float, Half>, float, Half>());
        table.Add("cvt.rn.f16.f64", PtxType.F16, [PtxType.F64], Lanes.Unary<Widen<double, Half>, double, Half>());
        table.Add("cvt.rn.f32.f64", PtxType.F32, [PtxType.F64], Lanes.Unary<Widen<double, float>, double, float>());
        table.Add("cvt.sat.f32.f32", PtxType.F32, [PtxType.F32], Lanes.Unary<Saturate, float, float>());
    }

    private static void AddTensorFormats(InstructionTable table)
    {
        table.Add("cvt.rna.tf32.f32", PtxType.B32, [PtxType.F32], Lanes.Unary<ToTensorFloat, float, uint>());
        table.Add("cvt.rn.bf16.f32", PtxType.B16, [PtxType.F32], Lanes.Unary<ToBrainFloat, float, ushort>());
        table.Add("cvt.rn.bf16x2.f32", PtxType.B32, [PtxType.F32, PtxType.F32], Lanes.Binary<ToTwoBrainFloats, float, float, uint>());
        table.Add("cvt.rn.f16x2.f32", PtxType.B32, [PtxType.F32, PtxType.F32], Lanes.Binary<ToTwoHalves, float, float, uint>());
        table.Add("cvt.f32.bf16", PtxType.F32, [PtxType.B16], Lanes.Unary<FromBrainFloat, ushort, float>());
    }

    private readonly struct Truncate<TIn, TOut> : IUnary<TIn, TOut>
        where TIn : IBinaryInteger<TIn>
        where TOut : IBinaryInteger<TOut>
    {
        public static TOut Apply(TIn a) => TOut.CreateTruncating(a);
    }

    private readonly struct Clamp<TIn, TOut> : IUnary<TIn, TOut>
        where TIn : IBinaryInteger<TIn>
        where TOut : IBinaryInteger<TOut>
    {
        public static TOut Apply(TIn a) => TOut.CreateSaturating(a);
    }

    private readonly struct ToHalf<T> : IUnary<T, Half>
        where T : IBinaryInteger<T>
    {
        public static Half Apply(T a) => Half.CreateSaturating(ToDouble<T>.OddRounded(a));
    }

    private readonly struct ToSingle<T> : IUnary<T, float>
        where T : IBinaryInteger<T>
    {
        public static float Apply(T a) => (float)ToDouble<T>.OddRounded(a);
    }

    private readonly struct ToDouble<T> : IUnary<T, double>
        where T : IBinaryInteger<T>
    {
        public static double Apply(T a) => T.IsNegative(a) ? long.CreateTruncating(a) : Unsigned(ulong.CreateTruncating(a));

        /// <summary>A double that rounds on to a narrower float as the integer itself would: bits that do not fit leave their trace in the last one.</summary>
        public static double OddRounded(T a)
        {
            var negative = T.IsNegative(a);
            var magnitude = negative ? 0UL - ulong.CreateTruncating(a) : ulong.CreateTruncating(a);
            if (magnitude >= 1UL << 52)
            {
                var drop = 64 - BitOperations.LeadingZeroCount(magnitude) - 52;
                var lost = magnitude & ((1UL << drop) - 1);
                magnitude = (magnitude & ~((1UL << drop) - 1)) | (lost != 0 ? 1UL << drop : 0);
            }

            return negative ? -Unsigned(magnitude) : Unsigned(magnitude);
        }

        private static double Unsigned(ulong value) => value <= long.MaxValue ? (long)value : (double)(long)((value >> 1) | (value & 1)) * 2;
    }

    private readonly struct ToInteger<TIn, TOut, TRounding> : IUnary<TIn, TOut>
        where TIn : IBinaryFloatingPointIeee754<TIn>
        where TOut : IBinaryInteger<TOut>
        where TRounding : struct, IRounding
    {
        public static TOut Apply(TIn a) => TIn.IsNaN(a) ? TOut.Zero : TOut.CreateSaturating(TIn.Round(a, TRounding.Mode));
    }

    private readonly struct Round<T, TRounding> : IUnary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRounding : struct, IRounding
    {
        public static T Apply(T a) => FloatInstructions.Canonical(T.Round(a, TRounding.Mode));
    }

    private readonly struct Widen<TIn, TOut> : IUnary<TIn, TOut>
        where TIn : unmanaged, IBinaryFloatingPointIeee754<TIn>
        where TOut : unmanaged, IBinaryFloatingPointIeee754<TOut>
    {
        public static TOut Apply(TIn a) => FloatInstructions.Canonical(TOut.CreateSaturating(a));
    }

    private readonly struct Saturate : IUnary<float, float>
    {
        public static float Apply(float a) => float.IsNaN(a) ? 0 : Math.Clamp(a, 0, 1) + 0f;
    }

    /// <summary>To 10 bits behind the point, ties away from zero.</summary>
    private readonly struct ToTensorFloat : IUnary<float, uint>
    {
        public static uint Apply(float a) => float.IsFinite(a)
            ? (BitConverter.SingleToUInt32Bits(a) + 0x1000) & ~0x1fffu
            : BitConverter.SingleToUInt32Bits(FloatInstructions.Canonical(a));
    }

    private readonly struct ToBrainFloat : IUnary<float, ushort>
    {
        public static ushort Apply(float a) => Brain(a);
    }

    /// <summary>The first operand goes to the upper half.</summary>
    private readonly struct ToTwoBrainFloats : IBinary<float, float, uint>
    {
        public static uint Apply(float a, float b) => ((uint)Brain(a) << 16) | Brain(b);
    }

    private readonly struct ToTwoHalves : IBinary<float, float, uint>
    {
        public static uint Apply(float a, float b) => ((uint)BitConverter.HalfToUInt16Bits((Half)a) << 16) | BitConverter.HalfToUInt16Bits((Half)b);
    }

    private readonly struct FromBrainFloat : IUnary<ushort, float>
    {
        public static float Apply(ushort a) => BitConverter.UInt32BitsToSingle((uint)a << 16);
    }

    private static ushort Brain(float a)
    {
        if (float.IsNaN(a))
        {
            return 0x7fff;
        }

        var bits = BitConverter.SingleToUInt32Bits(a);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private interface IRounding
    {
        static abstract MidpointRounding Mode { get; }
    }

    private readonly struct TowardsZero : IRounding
    {
        public static MidpointRounding Mode => MidpointRounding.ToZero;
    }

    private readonly struct ToNearest : IRounding
    {
        public static MidpointRounding Mode => MidpointRounding.ToEven;
    }

    private readonly struct Down : IRounding
    {
        public static MidpointRounding Mode => MidpointRounding.ToNegativeInfinity;
    }

    private readonly struct Up : IRounding
    {
        public static MidpointRounding Mode => MidpointRounding.ToPositiveInfinity;
    }
}
