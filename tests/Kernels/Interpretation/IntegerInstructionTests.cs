namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Integer and bit instructions against C#, over all pairs of edge values.</summary>
public sealed class IntegerInstructionTests
{
    private static readonly TestCaseData[] Signed32 =
    [
        Case<int>("add.s32", (a, b) => a + b),
        Case<int>("sub.s32", (a, b) => a - b),
        Case<int>("mul.lo.s32", (a, b) => a * b),
        Case<int>("mul.hi.s32", (a, b) => (int)(((long)a * b) >> 32)),
        Case<int>("min.s32", Math.Min),
        Case<int>("max.s32", Math.Max),
        Case<int>("and.b32", (a, b) => a & b),
        Case<int>("or.b32", (a, b) => a | b),
        Case<int>("xor.b32", (a, b) => a ^ b),
        Case<int>("shl.b32", (a, b) => (uint)b > 31 ? 0 : a << b),
        Case<int>("shr.s32", (a, b) => (uint)b > 31 ? a < 0 ? -1 : 0 : a >> b),
    ];

    private static readonly TestCaseData[] Unsigned32 =
    [
        Case<uint>("add.u32", (a, b) => a + b),
        Case<uint>("sub.u32", (a, b) => a - b),
        Case<uint>("mul.lo.u32", (a, b) => a * b),
        Case<uint>("mul.hi.u32", (a, b) => (uint)(((ulong)a * b) >> 32)),
        Case<uint>("min.u32", Math.Min),
        Case<uint>("max.u32", Math.Max),
        Case<uint>("shr.u32", (a, b) => b > 31 ? 0 : a >> (int)b),
        Case<uint>("shr.b32", (a, b) => b > 31 ? 0 : a >> (int)b),
    ];

    private static readonly TestCaseData[] Signed64 =
    [
        Case<long>("add.s64", (a, b) => a + b),
        Case<long>("sub.s64", (a, b) => a - b),
        Case<long>("mul.lo.s64", (a, b) => a * b),
        Case<long>("mul.hi.s64", (a, b) => (long)(((Int128)a * b) >> 64)),
        Case<long>("min.s64", Math.Min),
        Case<long>("max.s64", Math.Max),
        Case<long>("and.b64", (a, b) => a & b),
        Case<long>("xor.b64", (a, b) => a ^ b),
    ];

    private static readonly TestCaseData[] Signed16 =
    [
        Case<short>("add.s16", (a, b) => (short)(a + b)),
        Case<short>("mul.lo.s16", (a, b) => (short)(a * b)),
        Case<short>("mul.hi.s16", (a, b) => (short)((a * b) >> 16)),
        Case<short>("min.s16", Math.Min),
        Case<short>("max.s16", Math.Max),
        Case<short>("or.b16", (a, b) => (short)((ushort)a | (ushort)b)),
    ];

    [TestCaseSource(nameof(Signed32))]
    public void Computes_with_int(string opcode, Func<int, int, int> reference) => Compare(opcode, reference);

    [TestCaseSource(nameof(Unsigned32))]
    public void Computes_with_uint(string opcode, Func<uint, uint, uint> reference) => Compare(opcode, reference);

    [TestCaseSource(nameof(Signed64))]
    public void Computes_with_long(string opcode, Func<long, long, long> reference) => Compare(opcode, reference);

    [TestCaseSource(nameof(Signed16))]
    public void Computes_with_short(string opcode, Func<short, short, short> reference) => Compare(opcode, reference);

    [Test]
    public void Divides_towards_zero_and_wraps_the_most_negative_number()
    {
        var (a, b) = Values.Pairs(Values.Integers<int>());
        (a, b) = ([.. a.Where((_, i) => b[i] != 0)], [.. b.Where(x => x != 0)]);
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<int>("div.s32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (int)((long)x / y))));
            Assert.That(PtxText.Map<int>("rem.s32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (int)((long)x % y))));
            Assert.That(PtxText.Map<uint>("div.u32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (uint)x / (uint)y)));
            Assert.That(PtxText.Map<uint>("rem.u32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (uint)x % (uint)y)));
        });
    }

    [Test]
    public void Reports_a_division_by_zero_with_its_thread()
    {
        var error = Assert.Throws<PtxException>(() => PtxText.Map<int>("div.s32 %d, %a, %b;", (int[])[1, 2, 3], (int[])[1, 1, 0]));
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.Unspecified));
            Assert.That(error.Thread, Is.EqualTo(2));
        });
    }

    [Test]
    public void Multiplies_to_the_double_width()
    {
        var (a, b) = Values.Pairs(Values.Integers<int>());
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<long>("mul.wide.s32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (long)x * y)));
            Assert.That(PtxText.Map<ulong>("mul.wide.u32 %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (ulong)(uint)x * (uint)y)));
            Assert.That(PtxText.Map<long>("mov.b64 %d, 5; mad.wide.s32 %d, %a, %b, %d;", a, b), Is.EqualTo(a.Zip(b, (x, y) => ((long)x * y) + 5)));
            Assert.That(PtxText.Map<int>("mad.lo.s32 %d, %a, %b, -7;", a, b), Is.EqualTo(a.Zip(b, (x, y) => (x * y) - 7)));
        });
    }

    [Test]
    public void Shifts_64_bits_by_a_32_bit_amount()
    {
        var (a, b) = Values.Pairs(Values.Integers<long>());
        uint[] amounts = [.. b.Select(x => (uint)x)];
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<long>("shl.b64 %d, %a, %b;", a, amounts), Is.EqualTo(a.Zip(amounts, (x, y) => y > 63 ? 0 : x << (int)y)));
            Assert.That(PtxText.Map<long>("shr.s64 %d, %a, %b;", a, amounts), Is.EqualTo(a.Zip(amounts, (x, y) => x >> (int)Math.Min(y, 63))));
            Assert.That(PtxText.Map<long>("shr.u64 %d, %a, %b;", a, amounts), Is.EqualTo(a.Zip(amounts, (x, y) => y > 63 ? 0 : x >>> (int)y)));
        });
    }

    [Test]
    public void Negates_inverts_and_counts()
    {
        var a = Values.Integers<int>();
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<int>("neg.s32 %d, %a;", a), Is.EqualTo(a.Select(x => -x)));
            Assert.That(PtxText.Map<int>("abs.s32 %d, %a;", a), Is.EqualTo(a.Select(x => x < 0 ? -x : x)));
            Assert.That(PtxText.Map<int>("not.b32 %d, %a;", a), Is.EqualTo(a.Select(x => ~x)));
            Assert.That(PtxText.Map<int>("popc.b32 %d, %a;", a), Is.EqualTo(a.Select(x => int.PopCount(x))));
            Assert.That(PtxText.Map<int>("clz.b32 %d, %a;", a), Is.EqualTo(a.Select(x => int.LeadingZeroCount(x))));
            Assert.That(PtxText.Map<uint>("brev.b32 %d, %a; brev.b32 %d, %d;", a), Is.EqualTo(a.Select(x => (uint)x)));
            Assert.That(PtxText.Map<uint>("brev.b32 %d, %a;", (uint[])[1, 6, 0x80000000]), Is.EqualTo((uint[])[0x80000000, 0x60000000, 1]));
        });
    }

    [Test]
    public void Takes_fields_and_bytes_apart()
    {
        uint[] a = [0xdeadbeef, 0xdeadbeef, 0x80000000, 0x0000f0f0];
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<uint>("bfe.u32 %d, %a, 8, 8;", a), Is.EqualTo((uint[])[0xbe, 0xbe, 0, 0xf0]));
            Assert.That(PtxText.Map<uint>("bfe.s32 %d, %a, 8, 8;", a), Is.EqualTo((uint[])[0xffffffbe, 0xffffffbe, 0, 0xfffffff0]));
            Assert.That(PtxText.Map<uint>("bfe.s32 %d, %a, 28, 8;", a), Is.EqualTo((uint[])[0xfffffffd, 0xfffffffd, 0xfffffff8, 0]));
            Assert.That(PtxText.Map<uint>("prmt.b32 %d, %a, 0x11223344, 0x7610;", a), Is.EqualTo((uint[])[0x1122beef, 0x1122beef, 0x11220000, 0x1122f0f0]));
            Assert.That(PtxText.Map<uint>("prmt.b32 %d, %a, 0, 0xb888;", a), Is.EqualTo((uint[])[0xffffffff, 0xffffffff, 0xff000000, 0x00ffffff]));
        });
    }

    [Test]
    public void Packs_and_unpacks_halves_of_a_register()
    {
        var (a, b) = Values.Pairs(Values.Integers<uint>(2));
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<ulong>("mov.b64 %d, {%a, %b};", a, b), Is.EqualTo(a.Zip(b, (x, y) => ((ulong)y << 32) | x)));
            Assert.That(PtxText.Map<uint>("mov.b64 %rd1, {%a, %b}; mov.b64 {%t, %d}, %rd1;", a, b), Is.EqualTo(b));
            Assert.That(PtxText.Map<ushort>("mov.b32 {%h0, %d}, %a;", a), Is.EqualTo(a.Select(x => (ushort)(x >> 16))));
        });
    }

    private static void Compare<T>(string opcode, Func<T, T, T> reference)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var (a, b) = Values.Pairs(Values.Integers<T>());
        Assert.That(PtxText.Map<T>($"{opcode} %d, %a, %b;", a, b), Is.EqualTo(a.Zip(b, reference)));
    }

    private static TestCaseData Case<T>(string opcode, Func<T, T, T> reference) => new TestCaseData(opcode, reference).SetArgDisplayNames(opcode);
}
