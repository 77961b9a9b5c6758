namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>mma and ldmatrix: matrices laid out by the formulas of PTX ISA 8.0, section 9.7.13.4, against a plain product.</summary>
public sealed class TensorCoreTests
{
    [Test]
    public void A_tf32_product_drops_13_bits_of_its_operands()
    {
        const int Depth = 8;
        var a = Values.Small(16 * Depth, 1);
        var b = Values.Small(Depth * 8, 2);
        var c = Values.Small(16 * 8, 3);
        var fragments = new uint[32 * 10];
        for (var lane = 0; lane < 32; lane++)
        {
            var (row, column) = (lane / 4, lane % 4);
            var values = (float[])
            [
                a[(row * Depth) + column], a[((row + 8) * Depth) + column], a[(row * Depth) + column + 4], a[((row + 8) * Depth) + column + 4],
                b[(column * 8) + row], b[((column + 4) * 8) + row],
                c[(row * 8) + (2 * column)], c[(row * 8) + (2 * column) + 1], c[((row + 8) * 8) + (2 * column)], c[((row + 8) * 8) + (2 * column) + 1],
            ];
            values.Select(BitConverter.SingleToUInt32Bits).ToArray().CopyTo(fragments, lane * 10);
        }

        var d = Run("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f0, %f1, %f2, %f3}, {%r0, %r1, %r2, %r3}, {%r4, %r5}, {%f4, %f5, %f6, %f7};", 6,
            fragments);
        AssertProduct(d, a.Select(Cut).ToArray(), b.Select(Cut).ToArray(), c, Depth);
        Assert.That(a.Select(Cut), Is.Not.EqualTo(a), "the values must have bits to lose");
    }

    [TestCase("bf16")]
    [TestCase("f16")]
    public void A_16_bit_product_packs_two_operands_in_a_register(string type)
    {
        const int Depth = 16;
        float Round(float x) => type == "f16" ? (float)(Half)x : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xffff0000);
        uint Bits(float x) => type == "f16" ? BitConverter.HalfToUInt16Bits((Half)x) : BitConverter.SingleToUInt32Bits(x) >> 16;
        float[] a = [.. Values.Small(16 * Depth, 1).Select(Round)];
        float[] b = [.. Values.Small(Depth * 8, 2).Select(Round)];
        var c = Values.Small(16 * 8, 3);
        uint A(int row, int k) => Bits(a[(row * Depth) + k]) | (Bits(a[(row * Depth) + k + 1]) << 16);
        uint B(int k, int column) => Bits(b[(k * 8) + column]) | (Bits(b[((k + 1) * 8) + column]) << 16);
        uint C(int row, int column) => BitConverter.SingleToUInt32Bits(c[(row * 8) + column]);
        var fragments = new List<uint>();
        for (var lane = 0; lane < 32; lane++)
        {
            var (row, pair) = (lane / 4, 2 * (lane % 4));
            fragments.AddRange([A(row, pair), A(row + 8, pair), A(row, pair + 8), A(row + 8, pair + 8), B(pair, row), B(pair + 8, row)]);
            fragments.AddRange([C(row, pair), C(row, pair + 1), C(row + 8, pair), C(row + 8, pair + 1)]);
        }

        var d = Run($"mma.sync.aligned.m16n8k16.row.col.f32.{type}.{type}.f32 {{%f0, %f1, %f2, %f3}}, {{%r0, %r1, %r2, %r3}}, {{%r4, %r5}}, {{%f4, "
            + $"%f5, %f6, %f7}};", 6, [.. fragments]);
        AssertProduct(d, a, b, c, Depth);
    }

    [Test]
    public void A_product_of_a_part_of_a_warp_is_an_error()
    {
        var error = Assert.Throws<PtxException>(() => Run("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f0, %f1, %f2, %f3}, {%r0, %r1, %r2, %r3}, "
            + "{%r4, %r5}, {%f4, %f5, %f6, %f7};", 6, new uint[320], threads: 31));
        Assert.That(error.Message, Does.Contain("mma needs all 32 threads of the warp"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Matrices_are_loaded_row_by_row_or_transposed(bool isTransposed)
    {
        var text = PtxText.Kernel(
            "xy",
            $$"""
            mov.u32 %r0, %tid.x; mov.u32 %r1, s; mad.lo.u32 %r2, %r0, 16, %r1; mad.wide.u32 %rd0, %r0, 16, %x; ld.global.v4.b32 {%r4, %r5, %r6, %r7}, [%rd0];
            st.shared.v4.b32 [%r2], {%r4, %r5, %r6, %r7}; bar.sync 0;
            ldmatrix.sync.aligned.m8n8.x4{{(isTransposed ? ".trans" : "")}}.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];
            mad.wide.u32 %rd1, %r0, 16, %y; st.global.v4.b32 [%rd1], {%r4, %r5, %r6, %r7};
            """,
            ".shared .align 16 .b8 s[512];");
        var device = new PtxInterpreter();
        ushort[] values = [.. Enumerable.Range(0, 256).Select(i => (ushort)i)];
        var x = device.Allocate<ushort>(values, "x");
        var y = device.AllocateUnwritten<ushort>(256, "y");
        device.Launch(PtxModule.Parse(text).Kernel, 1, 32, x.View<ushort>(), y.View<ushort>());
        var loaded = y.Read<ushort>();
        for (var i = 0; i < 256; i++)
        {
            var (lane, matrix, part) = (i / 8, i / 2 % 4, i % 2);
            var (row, column) = (lane / 4, (2 * (lane % 4)) + part);
            (row, column) = isTransposed ? (column, row) : (row, column);
            Assert.That(loaded[i], Is.EqualTo((64 * matrix) + (8 * row) + column));
        }
    }

    private static float[] Run(string instruction, int operands, uint[] fragments, int threads = 32)
    {
        var perLane = fragments.Length / 32;
        var loads = string.Concat(Enumerable.Range(0, operands).Select(i => $"ld.global.b32 %r{i}, [%rd0+{4 * i}]; "))
            + string.Concat(Enumerable.Range(0, 4).Select(i => $"ld.global.f32 %f{i + 4}, [%rd0+{4 * (operands + i)}]; "));
        var text = PtxText.Kernel("xy", $"mov.u32 %r15, %tid.x; mad.wide.u32 %rd0, %r15, {4 * perLane}, %x; {loads}\n{instruction}\nmad.wide.u32 %rd1, %r15, "
            + $"16, %y; st.global.v4.f32 [%rd1], {{%f0, %f1, %f2, %f3}};");
        var device = new PtxInterpreter();
        var x = device.Allocate<uint>(fragments, "x");
        var y = device.AllocateUnwritten<float>(128, "y");
        device.Launch(PtxModule.Parse(text).Kernel, 1, threads, x.View<uint>(), y.View<float>());
        return y.Read<float>();
    }

    private static void AssertProduct(float[] d, float[] a, float[] b, float[] c, int depth)
    {
        for (var i = 0; i < d.Length; i++)
        {
            var (lane, register) = (i / 4, i % 4);
            var (row, column) = ((lane / 4) + (8 * (register / 2)), (2 * (lane % 4)) + (register % 2));
            double expected = c[(row * 8) + column];
            for (var k = 0; k < depth; k++)
            {
                expected += (double)a[(row * depth) + k] * b[(k * 8) + column];
            }

            Assert.That(d[i], Is.EqualTo((float)expected));
        }
    }

    private static float Cut(float x) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & ~0x1fffu);
}
