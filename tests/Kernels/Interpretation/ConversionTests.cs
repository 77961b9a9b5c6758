using System.Numerics;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Conversions against arithmetic on BigInteger and C#'s own rounding.</summary>
public sealed class ConversionTests
{
    [Test]
    public void Floats_become_integers_towards_zero_clamped_and_NaN_becomes_0()
    {
        var a = Values.Floats();
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<int>("cvt.rzi.s32.f32 %d, %a;", a), Is.EqualTo(a.Select(x => (int)Clamp(x, int.MinValue, int.MaxValue))));
            Assert.That(PtxText.Map<uint>("cvt.rzi.u32.f32 %d, %a;", a), Is.EqualTo(a.Select(x => (uint)Clamp(x, 0, uint.MaxValue))));
            Assert.That(PtxText.Map<long>("cvt.rzi.s64.f32 %d, %a;", a), Is.EqualTo(a.Select(x => (long)Clamp(x, long.MinValue, long.MaxValue))));
            Assert.That(PtxText.Map<short>("cvt.rzi.s16.f32 %d, %a;", a), Is.EqualTo(a.Select(x => (short)Clamp(x, short.MinValue, short.MaxValue))));
            Assert.That(PtxText.Map<ulong>("cvt.rzi.u64.f64 %d, %a;", Values.Doubles()),
                Is.EqualTo(Values.Doubles().Select(x => (ulong)Clamp(x, 0, ulong.MaxValue))));
        });
    }

    [TestCase("rni", MidpointRounding.ToEven)]
    [TestCase("rmi", MidpointRounding.ToNegativeInfinity)]
    [TestCase("rpi", MidpointRounding.ToPositiveInfinity)]
    [TestCase("rzi", MidpointRounding.ToZero)]
    public void Floats_round_to_whole_numbers(string rounding, MidpointRounding mode)
    {
        var a = Values.Floats();
        Assert.Multiple(() =>
        {
            FloatInstructionTests.AssertBits(PtxText.Map<float>($"cvt.{rounding}.f32.f32 %d, %a;", a), a.Select(x => MathF.Round(x, mode)));
            Assert.That(PtxText.Map<int>($"cvt.{rounding}.s32.f32 %d, %a;", a),
                Is.EqualTo(a.Select(x => (int)Clamp(MathF.Round(x, mode), int.MinValue, int.MaxValue))));
        });
    }

    [Test]
    public void Integers_become_the_nearest_float()
    {
        var a = Values.Integers<long>(200);
        long[] b = [.. a, (1L << 53) + 1, (1L << 24) + 1, (1L << 62) + (1L << 38), (1L << 62) + (1L << 38) + 1, -((1L << 62) + (1L << 38) + 1)];
        Assert.Multiple(() =>
        {
            FloatInstructionTests.AssertBits(PtxText.Map<float>("cvt.rn.f32.s64 %d, %a;", b), b.Select(x => Nearest(x)));
            FloatInstructionTests.AssertBits(PtxText.Map<float>("cvt.rn.f32.u64 %d, %a;", b), b.Select(x => Nearest((ulong)x)));
            FloatInstructionTests.AssertBits(PtxText.Map<float>("cvt.rn.f32.s32 %d, %a;", (int[])[.. b.Select(x => (int)x)]), b.Select(x => Nearest((int)x)));
            Assert.That(PtxText.Map<double>("cvt.rn.f64.s64 %d, %a;", b), Is.EqualTo(b.Select(x => (double)x)));
            Assert.That(PtxText.Map<double>("cvt.rn.f64.u32 %d, %a;", (uint[])[5, uint.MaxValue]), Is.EqualTo((double[])[5, uint.MaxValue]));
        });
    }

    [Test]
    public void Integers_are_cut_and_extended_by_the_sign_of_their_type()
    {
        var a = Values.Integers<int>();
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<long>("cvt.s64.s32 %d, %a;", a), Is.EqualTo(a.Select(x => (long)x)));
            Assert.That(PtxText.Map<ulong>("cvt.u64.u32 %d, %a;", a), Is.EqualTo(a.Select(x => (ulong)(uint)x)));
            Assert.That(PtxText.Map<int>("cvt.s32.s8 %d, %a;", a), Is.EqualTo(a.Select(x => (int)(sbyte)x)));
            Assert.That(PtxText.Map<int>("cvt.s32.u8 %d, %a;", a), Is.EqualTo(a.Select(x => (int)(byte)x)));
            Assert.That(PtxText.Map<int>("cvt.s8.s32 %h0, %a; cvt.s32.s16 %d, %h0;", a), Is.EqualTo(a.Select(x => (int)(sbyte)x)));
            Assert.That(PtxText.Map<int>("cvt.u8.u32 %h0, %a; cvt.s32.s16 %d, %h0;", a), Is.EqualTo(a.Select(x => (int)(byte)x)));
            Assert.That(PtxText.Map<int>("cvt.sat.s8.s32 %h0, %a; cvt.s32.s16 %d, %h0;", a), Is.EqualTo(a.Select(x => Math.Clamp(x, -128, 127))));
            Assert.That(PtxText.Map<uint>("cvt.sat.u16.s32 %h0, %a; cvt.u32.u16 %d, %h0;", a), Is.EqualTo(a.Select(x => (uint)Math.Clamp(x, 0, 65535))));
        });
    }

    [Test]
    public void Narrow_loads_fill_wider_registers_by_their_sign()
    {
        sbyte[] a = [-1, -128, 127, 0];
        var device = new PtxInterpreter();
        var x = device.Allocate<sbyte>(a, "x");
        var y = device.AllocateUnwritten<int>(8, "y");
        var text = PtxText.Kernel("xy", """
            mov.u32 %r0, %tid.x; cvt.u64.u32 %rd0, %r0; add.u64 %rd1, %x, %rd0; mad.wide.u32 %rd2, %r0, 8, %y;
            ld.global.s8 %r1, [%rd1]; st.global.b32 [%rd2], %r1; ld.global.u8 %r1, [%rd1]; st.global.b32 [%rd2+4], %r1; ret;
            """);
        device.Launch(PtxModule.Parse(text).Kernel, 1, 4, x.View<byte>(), y.View<int>());
        Assert.That(y.Read<int>(), Is.EqualTo((int[])[-1, 255, -128, 128, 127, 127, 0, 0]));
    }

    [Test]
    public void Half_brain_and_tensor_floats_are_rounded_as_named()
    {
        var a = Values.Floats(100);
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<ushort>("cvt.rn.f16.f32 %d, %a;", a).Select(b => HalfBits(BitConverter.UInt16BitsToHalf(b))),
                Is.EqualTo(a.Select(x => HalfBits((Half)x))));
            FloatInstructionTests.AssertBits(PtxText.Map<float>("cvt.f32.f16 %d, %a;", a.Select(x => BitConverter.HalfToUInt16Bits((Half)x)).ToArray()),
                a.Select(x => (float)(Half)x));
            Assert.That(PtxText.Map<uint>("cvt.rna.tf32.f32 %d, %a;", (uint[])[0x3f800fff, 0x3f801000, 0xbf801000, 0x3f802fff]),
                Is.EqualTo((uint[])[0x3f800000, 0x3f802000, 0xbf802000, 0x3f802000]));
            Assert.That(PtxText.Map<ushort>("cvt.rn.bf16.f32 %d, %a;", (uint[])[0x3f808000, 0x3f818000, 0x3f808001, 0x7fc00000]),
                Is.EqualTo((ushort[])[0x3f80, 0x3f82, 0x3f81, 0x7fff]));
            Assert.That(PtxText.Map<uint>("cvt.rn.bf16x2.f32 %d, %a, 0f40000000;", (float[])[1]), Is.EqualTo((uint[])[0x3f804000]));
        });
    }

    private static ushort HalfBits(Half x) => Half.IsNaN(x) ? (ushort)0x7fff : BitConverter.HalfToUInt16Bits(x);

    private static BigInteger Clamp(double x, BigInteger low, BigInteger high) => double.IsNaN(x)
        ? BigInteger.Zero
        : double.IsInfinity(x) ? (x > 0 ? high : low) : BigInteger.Min(high, BigInteger.Max(low, new BigInteger(Math.Truncate(x))));

    /// <summary>The float next to an integer, ties to the even one, by comparison of exact distances.</summary>
    private static float Nearest(BigInteger value)
    {
        var guess = (float)(double)value;
        float[] candidates = [MathF.BitDecrement(guess), guess, MathF.BitIncrement(guess)];
        return candidates.OrderBy(c => BigInteger.Abs(new BigInteger(c) - value)).ThenBy(c => BitConverter.SingleToUInt32Bits(c) & 1).First();
    }
}
