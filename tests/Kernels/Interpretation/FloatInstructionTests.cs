namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Float instructions against C#, over all pairs of edge values: the same bits, any NaN for any NaN.</summary>
public sealed class FloatInstructionTests
{
    private static readonly TestCaseData[] Binary32 =
    [
        Case<float>("add.f32", (a, b) => a + b),
        Case<float>("sub.rn.f32", (a, b) => a - b),
        Case<float>("mul.f32", (a, b) => a * b),
        Case<float>("div.rn.f32", (a, b) => a / b),
        Case<float>("min.f32", float.MinNumber),
        Case<float>("max.f32", float.MaxNumber),
        Case<float>("copysign.f32", (a, b) => MathF.CopySign(b, a)),
    ];

    private static readonly TestCaseData[] Binary64 =
    [
        Case<double>("add.f64", (a, b) => a + b),
        Case<double>("sub.f64", (a, b) => a - b),
        Case<double>("mul.f64", (a, b) => a * b),
        Case<double>("div.rn.f64", (a, b) => a / b),
        Case<double>("min.f64", double.MinNumber),
        Case<double>("max.f64", double.MaxNumber),
    ];

    [TestCaseSource(nameof(Binary32))]
    public void Computes_with_float(string opcode, Func<float, float, float> reference)
    {
        var (a, b) = Values.Pairs(Values.Floats());
        AssertBits(PtxText.Map<float>($"{opcode} %d, %a, %b;", a, b), a.Zip(b, reference));
    }

    [TestCaseSource(nameof(Binary64))]
    public void Computes_with_double(string opcode, Func<double, double, double> reference)
    {
        var (a, b) = Values.Pairs(Values.Doubles());
        var bits = PtxText.Map<double>($"{opcode} %d, %a, %b;", a, b).Select(Bits);
        Assert.That(bits, Is.EqualTo(a.Zip(b, reference).Select(Bits)));
    }

    [Test]
    public void Rounds_a_fused_multiply_add_once()
    {
        var (a, b) = Values.Pairs(Values.Floats());
        float[] c = [.. a.Zip(b, (x, y) => -(x * y))];
        AssertBits(PtxText.Map<float>("fma.rn.f32 %d, %a, %b, %c;", a, b, c), a.Zip(b, (x, y) => MathF.FusedMultiplyAdd(x, y, -(x * y))));
        Assert.That(PtxText.Map<float>("fma.rn.f32 %d, %a, %b, %c;", (float[])[1.1f], (float[])[1.1f], (float[])[-(1.1f * 1.1f)])[0], Is.Not.Zero);
    }

    [Test]
    public void Takes_roots_reciprocals_signs_and_magnitudes()
    {
        var a = Values.Floats();
        Assert.Multiple(() =>
        {
            AssertBits(PtxText.Map<float>("sqrt.rn.f32 %d, %a;", a), a.Select(MathF.Sqrt));
            AssertBits(PtxText.Map<float>("rcp.rn.f32 %d, %a;", a), a.Select(x => 1 / x));
            AssertBits(PtxText.Map<float>("neg.f32 %d, %a;", a), a.Select(x => -x));
            AssertBits(PtxText.Map<float>("abs.f32 %d, %a;", a), a.Select(MathF.Abs));
        });
    }

    [Test]
    public void Gives_the_canonical_NaN()
    {
        Assert.That(PtxText.Map<uint>("add.f32 %d, %a, 0f3F800000;", (uint[])[0xffc12345]), Is.EqualTo((uint[])[0x7fffffff]));
    }

    [Test]
    public void Flushes_subnormals_where_asked_only()
    {
        float[] a = [1e-40f, -1e-40f, 1e-20f];
        Assert.Multiple(() =>
        {
            AssertBits(PtxText.Map<float>("add.ftz.f32 %d, %a, 0f80000000;", a), [0f, -0f, 1e-20f]);
            AssertBits(PtxText.Map<float>("add.f32 %d, %a, 0f80000000;", a), a);
            AssertBits(PtxText.Map<float>("mul.ftz.f32 %d, %a, %a;", a), [0f, 0f, 0f]);
        });
    }

    [TestCase("ex2.approx.f32", 22.4)]
    [TestCase("lg2.approx.f32", 22.4)]
    [TestCase("rcp.approx.f32", 22.4)]
    [TestCase("sqrt.approx.f32", 22.4)]
    [TestCase("rsqrt.approx.f32", 22.4)]
    [TestCase("tanh.approx.f32", 10.9)]
    public void Approximates_no_better_than_hardware_may_and_no_worse(string opcode, double bits)
    {
        float[] a = [.. Enumerable.Range(1, 2000).Select(i => i * 0.0043f)];
        Func<double, double> exact = opcode[..3] switch
        {
            "ex2" => double.Exp2,
            "lg2" => double.Log2,
            "rcp" => x => 1 / x,
            "sqr" => Math.Sqrt,
            "rsq" => x => 1 / Math.Sqrt(x),
            _ => Math.Tanh,
        };
        var worst = PtxText.Map<float>($"{opcode} %d, %a;", a).Zip(a, (y, x) => Math.Abs((y / exact(x)) - 1)).Max();
        Assert.That(worst, Is.LessThan(Math.Pow(2, -bits)).And.GreaterThan(Math.Pow(2, -bits - 1.5)));
    }

    [Test]
    public void Approximates_the_edges_as_the_manual_says()
    {
        Assert.Multiple(() =>
        {
            AssertBits(PtxText.Map<float>("ex2.approx.f32 %d, %a;", (float[])[float.NegativeInfinity, float.PositiveInfinity, 0, float.NaN]),
                [0, float.PositiveInfinity, 1, float.NaN]);
            AssertBits(PtxText.Map<float>("lg2.approx.f32 %d, %a;", (float[])[0, -1, 1, float.PositiveInfinity]),
                [float.NegativeInfinity, float.NaN, 0, float.PositiveInfinity]);
            AssertBits(PtxText.Map<float>("rcp.approx.f32 %d, %a;", (float[])[0, -0f, float.NegativeInfinity]),
                [float.PositiveInfinity, float.NegativeInfinity, -0f]);
        });
    }

    [Test]
    public void Tests_the_class_of_a_float()
    {
        float[] a = [1, 0, float.NaN, float.NegativeInfinity, 1e-40f];
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<int>("testp.finite.f32 %p, %a; selp.b32 %d, 1, 0, %p;", a), Is.EqualTo((int[])[1, 1, 0, 0, 1]));
            Assert.That(PtxText.Map<int>("testp.notanumber.f32 %p, %a; selp.b32 %d, 1, 0, %p;", a), Is.EqualTo((int[])[0, 0, 1, 0, 0]));
            Assert.That(PtxText.Map<int>("testp.infinite.f32 %p, %a; selp.b32 %d, 1, 0, %p;", a), Is.EqualTo((int[])[0, 0, 0, 1, 0]));
            Assert.That(PtxText.Map<int>("testp.subnormal.f32 %p, %a; selp.b32 %d, 1, 0, %p;", a), Is.EqualTo((int[])[0, 0, 0, 0, 1]));
        });
    }

    internal static void AssertBits(IEnumerable<float> actual, IEnumerable<float> expected) =>
        Assert.That(actual.Select(Bits), Is.EqualTo(expected.Select(Bits)));

    private static uint Bits(float x) => float.IsNaN(x) ? 0x7fffffff : BitConverter.SingleToUInt32Bits(x);

    private static ulong Bits(double x) => double.IsNaN(x) ? ulong.MaxValue : BitConverter.DoubleToUInt64Bits(x);

    private static TestCaseData Case<T>(string opcode, Func<T, T, T> reference) => new TestCaseData(opcode, reference).SetArgDisplayNames(opcode);
}
