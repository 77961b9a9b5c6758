using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>
/// The <c>.approx</c> functions. The hardware's bits are not documented, only bounds of the error: the exact value is rounded here to fewer bits, so that
/// a test sees about the error that the manual allows (PTX ISA 8.0: 2^-22 to 2^-23 relative, tanh 2^-11, sin and cos 2^-20.9 absolute).
/// </summary>
internal static class ApproximateInstructions
{
    private const int FullBits = 22;
    private const int TanhBits = 10;

    public static void AddTo(InstructionTable table)
    {
        AddUnary<Exponential>(table, "ex2.approx");
        AddUnary<Logarithm>(table, "lg2.approx");
        AddUnary<Sine>(table, "sin.approx");
        AddUnary<Cosine>(table, "cos.approx");
        AddUnary<Reciprocal>(table, "rcp.approx");
        AddUnary<SquareRoot>(table, "sqrt.approx");
        AddUnary<InverseSquareRoot>(table, "rsqrt.approx");
        table.Add("tanh.approx.f32", PtxType.F32, [PtxType.F32], Lanes.Unary<HyperbolicTangent, float, float>());
        table.Add("rsqrt.approx.f64", PtxType.F64, [PtxType.F64], Lanes.Unary<InverseSquareRoot64, double, double>());
        foreach (var variant in (string[])["approx", "full"])
        {
            table.Add($"div.{variant}.f32", PtxType.F32, [PtxType.F32, PtxType.F32], Lanes.Binary<Quotient, float>());
            table.Add($"div.{variant}.ftz.f32", PtxType.F32, [PtxType.F32, PtxType.F32], Lanes.Binary<FlushedQuotient, float>());
        }
    }

    private static void AddUnary<TOperation>(InstructionTable table, string name)
        where TOperation : struct, IUnary<float, float>
    {
        table.Add($"{name}.f32", PtxType.F32, [PtxType.F32], Lanes.Unary<TOperation, float, float>());
        table.Add($"{name}.ftz.f32", PtxType.F32, [PtxType.F32], Lanes.Unary<Flushed<TOperation>, float, float>());
    }

    /// <summary><paramref name="exact"/> with so many bits behind the point of its mantissa.</summary>
    private static float Coarse(double exact, int bits)
    {
        var value = (float)exact;
        if (value == 0 || !float.IsNormal(value))
        {
            return FloatInstructions.Canonical(value);
        }

        var drop = 52 - bits;
        var rounded = (BitConverter.DoubleToUInt64Bits(exact) + (1UL << (drop - 1))) & ~((1UL << drop) - 1);
        return (float)BitConverter.UInt64BitsToDouble(rounded);
    }

    private static float Flush(float x) => float.IsSubnormal(x) ? float.CopySign(0, x) : x;

    private readonly struct Flushed<TOperation> : IUnary<float, float>
        where TOperation : struct, IUnary<float, float>
    {
        public static float Apply(float a) => Flush(TOperation.Apply(Flush(a)));
    }

    private readonly struct Exponential : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(double.Exp2(a), FullBits);
    }

    private readonly struct Logarithm : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(double.Log2(a), FullBits);
    }

    private readonly struct Sine : IUnary<float, float>
    {
        public static float Apply(float a) => Absolute(double.Sin(a));
    }

    private readonly struct Cosine : IUnary<float, float>
    {
        public static float Apply(float a) => Absolute(double.Cos(a));
    }

    private readonly struct Reciprocal : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(1.0 / a, FullBits);
    }

    private readonly struct SquareRoot : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(double.Sqrt(a), FullBits);
    }

    private readonly struct InverseSquareRoot : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(1 / double.Sqrt(a), FullBits);
    }

    private readonly struct InverseSquareRoot64 : IUnary<double, double>
    {
        public static double Apply(double a) => 1 / double.Sqrt(a);
    }

    private readonly struct HyperbolicTangent : IUnary<float, float>
    {
        public static float Apply(float a) => Coarse(double.Tanh(a), TanhBits);
    }

    private readonly struct Quotient : IBinary<float, float, float>
    {
        public static float Apply(float a, float b) => Coarse((double)a / b, FullBits);
    }

    private readonly struct FlushedQuotient : IBinary<float, float, float>
    {
        public static float Apply(float a, float b) => Flush(Quotient.Apply(Flush(a), Flush(b)));
    }

    private static float Absolute(double exact) => double.IsNaN(exact) ? FloatInstructions.Canonical(float.NaN)
        : (float)(double.Round(exact * (1 << 20)) / (1 << 20));
}
