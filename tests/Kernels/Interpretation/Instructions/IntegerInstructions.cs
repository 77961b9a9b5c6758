using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Integer arithmetic: it wraps around; division truncates towards zero, and a division by zero, which PTX leaves open, is an error.</summary>
internal static class IntegerInstructions
{
    public static void AddTo(InstructionTable table)
    {
        AddType<short>(table, PtxType.S16, "s16");
        AddType<ushort>(table, PtxType.U16, "u16");
        AddType<int>(table, PtxType.S32, "s32");
        AddType<uint>(table, PtxType.U32, "u32");
        AddType<long>(table, PtxType.S64, "s64");
        AddType<ulong>(table, PtxType.U64, "u64");
        AddSigned<short>(table, PtxType.S16, "s16");
        AddSigned<int>(table, PtxType.S32, "s32");
        AddSigned<long>(table, PtxType.S64, "s64");
        AddWide<short, int>(table, PtxType.S16, PtxType.S32, "s16");
        AddWide<ushort, uint>(table, PtxType.U16, PtxType.U32, "u16");
        AddWide<int, long>(table, PtxType.S32, PtxType.S64, "s32");
        AddWide<uint, ulong>(table, PtxType.U32, PtxType.U64, "u32");
        AddHigh<short, int>(table, PtxType.S16, "s16");
        AddHigh<ushort, uint>(table, PtxType.U16, "u16");
        AddHigh<int, long>(table, PtxType.S32, "s32");
        AddHigh<uint, ulong>(table, PtxType.U32, "u32");
        AddHigh<long, Int128>(table, PtxType.S64, "s64");
        AddHigh<ulong, UInt128>(table, PtxType.U64, "u64");
    }

    private static void AddType<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        PtxType[] two = [type, type];
        table.Add($"add.{suffix}", type, two, Lanes.Binary<Add<T>, T>());
        table.Add($"sub.{suffix}", type, two, Lanes.Binary<Subtract<T>, T>());
        table.Add($"mul.lo.{suffix}", type, two, Lanes.Binary<Multiply<T>, T>());
        table.Add($"mad.lo.{suffix}", type, [type, type, type], Lanes.Ternary<MultiplyAdd<T>, T, T>());
        table.Add($"div.{suffix}", type, two, Divide<Quotient<T>, T>);
        table.Add($"rem.{suffix}", type, two, Divide<Remainder<T>, T>);
        table.Add($"min.{suffix}", type, two, Lanes.Binary<Minimum<T>, T>());
        table.Add($"max.{suffix}", type, two, Lanes.Binary<Maximum<T>, T>());
    }

    private static void AddSigned<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryInteger<T>
    {
        table.Add($"neg.{suffix}", type, [type], Lanes.Unary<Negate<T>, T, T>());
        table.Add($"abs.{suffix}", type, [type], Lanes.Unary<Absolute<T>, T, T>());
    }

    private static void AddWide<T, TWide>(InstructionTable table, PtxType type, PtxType wide, string suffix)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        table.Add($"mul.wide.{suffix}", wide, [type, type], Lanes.Binary<MultiplyWide<T, TWide>, T, T, TWide>());
        table.Add($"mad.wide.{suffix}", wide, [type, type, wide], Lanes.Ternary<MultiplyAddWide<T, TWide>, T, TWide>());
    }

    private static void AddHigh<T, TWide>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        table.Add($"mul.hi.{suffix}", type, [type, type], Lanes.Binary<MultiplyHigh<T, TWide>, T>());
        table.Add($"mad.hi.{suffix}", type, [type, type, type], Lanes.Ternary<MultiplyAddHigh<T, TWide>, T, T>());
    }

    private static unsafe void Divide<TOperation, T>(Warp warp, Instruction instruction, uint mask)
        where TOperation : struct, IBinary<T, T, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        var b = warp.Slot(instruction.B);
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var divisor = Lanes.Read<T>(b, lane);
            if (divisor == T.Zero)
            {
                throw warp.FailAt(PtxErrorKind.Unspecified, "an integer is divided by zero", lane);
            }

            Lanes.Write(d + (lane * 8), TOperation.Apply(Lanes.Read<T>(a, lane), divisor));
        }
    }

    private readonly struct Add<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a + b;
    }

    private readonly struct Subtract<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a - b;
    }

    private readonly struct Multiply<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a * b;
    }

    private readonly struct MultiplyAdd<T> : ITernary<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b, T c) => (a * b) + c;
    }

    /// <summary>The most negative number divided by -1 wraps to itself.</summary>
    private readonly struct Quotient<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => T.IsNegative(b) && b + T.One == T.Zero ? T.Zero - a : a / b;
    }

    private readonly struct Remainder<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => T.IsNegative(b) && b + T.One == T.Zero ? T.Zero : a % b;
    }

    private readonly struct Minimum<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => T.Min(a, b);
    }

    private readonly struct Maximum<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => T.Max(a, b);
    }

    private readonly struct Negate<T> : IUnary<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a) => T.Zero - a;
    }

    private readonly struct Absolute<T> : IUnary<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a) => T.IsNegative(a) ? T.Zero - a : a;
    }

    private readonly struct MultiplyWide<T, TWide> : IBinary<T, T, TWide>
        where T : IBinaryInteger<T>
        where TWide : IBinaryInteger<TWide>
    {
        public static TWide Apply(T a, T b) => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);
    }

    private readonly struct MultiplyAddWide<T, TWide> : ITernary<T, TWide>
        where T : IBinaryInteger<T>
        where TWide : IBinaryInteger<TWide>
    {
        public static TWide Apply(T a, T b, TWide c) => (TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) + c;
    }

    private readonly struct MultiplyHigh<T, TWide> : IBinary<T, T, T>
        where T : unmanaged, IBinaryInteger<T>
        where TWide : IBinaryInteger<TWide>
    {
        public static T Apply(T a, T b) => High<T, TWide>(a, b);
    }

    private readonly struct MultiplyAddHigh<T, TWide> : ITernary<T, T>
        where T : unmanaged, IBinaryInteger<T>
        where TWide : IBinaryInteger<TWide>
    {
        public static T Apply(T a, T b, T c) => High<T, TWide>(a, b) + c;
    }

    private static unsafe T High<T, TWide>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : IBinaryInteger<TWide> =>
        T.CreateTruncating((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (8 * sizeof(T)));
}
