using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>
/// Float arithmetic rounded to nearest even. A NaN result is the canonical one (0x7fffffff) for f32 and f16; min and max give the other operand
/// where one is NaN, and order -0 below +0. Without <c>.rn</c>, ptxas may contract a mul and an add into one fma; here they stay apart.
/// </summary>
internal static class FloatInstructions
{
    public static void AddTo(InstructionTable table)
    {
        AddType<Half>(table, PtxType.F16, "f16");
        AddType<float>(table, PtxType.F32, "f32");
        AddType<double>(table, PtxType.F64, "f64");
        AddExact<float>(table, PtxType.F32, "f32");
        AddExact<double>(table, PtxType.F64, "f64");
        AddFlushed(table);
    }

    public static T Canonical<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsNaN(value))
        {
            return value;
        }

        if (typeof(T) == typeof(float))
        {
            return (T)(object)BitConverter.UInt32BitsToSingle(0x7fffffff);
        }

        return typeof(T) == typeof(Half) ? (T)(object)BitConverter.UInt16BitsToHalf(0x7fff) : value;
    }

    private static void AddType<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PtxType[] two = [type, type];
        foreach (var rounding in (string[])["", "rn."])
        {
            table.Add($"add.{rounding}{suffix}", type, two, Lanes.Binary<Add<T>, T>());
            table.Add($"sub.{rounding}{suffix}", type, two, Lanes.Binary<Subtract<T>, T>());
            table.Add($"mul.{rounding}{suffix}", type, two, Lanes.Binary<Multiply<T>, T>());
        }

        table.Add($"fma.rn.{suffix}", type, [type, type, type], Lanes.Ternary<MultiplyAdd<T>, T, T>());
        table.Add($"min.{suffix}", type, two, Lanes.Binary<Minimum<T>, T>());
        table.Add($"max.{suffix}", type, two, Lanes.Binary<Maximum<T>, T>());
        table.Add($"neg.{suffix}", type, [type], Lanes.Unary<Negate<T>, T, T>());
        table.Add($"abs.{suffix}", type, [type], Lanes.Unary<Absolute<T>, T, T>());
    }

    private static void AddExact<T>(InstructionTable table, PtxType type, string suffix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PtxType[] two = [type, type];
        table.Add($"mad.rn.{suffix}", type, [type, type, type], Lanes.Ternary<MultiplyAdd<T>, T, T>());
        table.Add($"div.rn.{suffix}", type, two, Lanes.Binary<Divide<T>, T>());
        table.Add($"rcp.rn.{suffix}", type, [type], Lanes.Unary<Reciprocal<T>, T, T>());
        table.Add($"sqrt.rn.{suffix}", type, [type], Lanes.Unary<SquareRoot<T>, T, T>());
        table.Add($"copysign.{suffix}", type, two, Lanes.Binary<CopySign<T>, T>());
    }

    private static void AddFlushed(InstructionTable table)
    {
        PtxType[] two = [PtxType.F32, PtxType.F32];
        foreach (var rounding in (string[])["", "rn."])
        {
            table.Add($"add.{rounding}ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Add<float>>, float>());
            table.Add($"sub.{rounding}ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Subtract<float>>, float>());
            table.Add($"mul.{rounding}ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Multiply<float>>, float>());
        }

        table.Add("min.ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Minimum<float>>, float>());
        table.Add("max.ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Maximum<float>>, float>());
        table.Add("div.rn.ftz.f32", PtxType.F32, two, Lanes.Binary<Flushed<Divide<float>>, float>());
    }

    private static float Flush(float x) => float.IsSubnormal(x) ? float.CopySign(0, x) : x;

    private readonly struct Add<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(a + b);
    }

    private readonly struct Subtract<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(a - b);
    }

    private readonly struct Multiply<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(a * b);
    }

    private readonly struct MultiplyAdd<T> : ITernary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b, T c) => Canonical(T.FusedMultiplyAdd(a, b, c));
    }

    private readonly struct Divide<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(a / b);
    }

    private readonly struct Reciprocal<T> : IUnary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a) => Canonical(T.One / a);
    }

    private readonly struct SquareRoot<T> : IUnary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a) => Canonical(T.Sqrt(a));
    }

    private readonly struct Minimum<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(T.MinNumber(a, b));
    }

    private readonly struct Maximum<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => Canonical(T.MaxNumber(a, b));
    }

    private readonly struct Negate<T> : IUnary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a) => Canonical(-a);
    }

    private readonly struct Absolute<T> : IUnary<T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a) => Canonical(T.Abs(a));
    }

    /// <summary>The sign of the first operand on the magnitude of the second: the other way round than <see cref="MathF.CopySign"/>.</summary>
    private readonly struct CopySign<T> : IBinary<T, T, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Apply(T a, T b) => T.CopySign(b, a);
    }

    private readonly struct Flushed<TOperation> : IBinary<float, float, float>
        where TOperation : struct, IBinary<float, float, float>
    {
        public static float Apply(float a, float b) => Flush(TOperation.Apply(Flush(a), Flush(b)));
    }
}
