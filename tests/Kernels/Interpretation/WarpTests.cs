namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Shuffles, votes and reductions of a warp, and asynchronous copies.</summary>
public sealed class WarpTests
{
    private static readonly TestCaseData[] Shuffles =
    [
        Case("shfl.sync.up.b32 %r2, %r1, 3, 0, -1;", i => i < 3 ? i : i - 3),
        Case("shfl.sync.down.b32 %r2, %r1, 3, 31, -1;", i => i > 28 ? i : i + 3),
        Case("shfl.sync.bfly.b32 %r2, %r1, 5, 31, -1;", i => i ^ 5),
        Case("shfl.sync.idx.b32 %r2, %r1, 7, 31, -1;", _ => 7),
        Case("shfl.sync.down.b32 %r2, %r1, 1, 4127, -1;", i => (i & 15) == 15 ? i : i + 1),
        Case("shfl.sync.up.b32 %r2, %r1, 1, 6144, -1;", i => (i & 7) == 0 ? i : i - 1),
        Case("shfl.sync.idx.b32 %r2, %r1, 2, 6175, -1;", i => (i & ~7) + 2),
        Case("shfl.sync.down.b32 %r2|%p0, %r1, 4, 31, -1; @!%p0 mov.b32 %r2, -1;", i => i > 27 ? -1 : i + 4),
    ];

    [TestCaseSource(nameof(Shuffles))]
    public void Shuffles_as_the_manual_says(string instructions, Func<int, int> source) =>
        Assert.That(Run(instructions), Is.EqualTo(Enumerable.Range(0, 32).Select(source)));

    [TestCase("setp.gt.s32 %p0, %r1, 29; vote.sync.ballot.b32 %r2, %p0, -1;", unchecked((int)0xc0000000))]
    [TestCase("setp.gt.s32 %p0, %r1, 29; vote.sync.any.pred %p1, %p0, -1; selp.b32 %r2, 1, 0, %p1;", 1)]
    [TestCase("setp.gt.s32 %p0, %r1, 29; vote.sync.all.pred %p1, %p0, -1; selp.b32 %r2, 1, 0, %p1;", 0)]
    [TestCase("redux.sync.add.s32 %r2, %r1, -1;", 496)]
    [TestCase("redux.sync.max.s32 %r2, %r1, -1;", 31)]
    [TestCase("redux.sync.min.u32 %r2, %r1, -1;", 0)]
    [TestCase("setp.lt.s32 %p0, %r1, 12; bar.red.popc.u32 %r2, 0, %p0;", 12)]
    [TestCase("setp.lt.s32 %p0, %r1, 12; bar.red.or.pred %p1, 0, %p0; selp.b32 %r2, 1, 0, %p1;", 1)]
    [TestCase("setp.lt.s32 %p0, %r1, 12; bar.red.and.pred %p1, 0, %p0; selp.b32 %r2, 1, 0, %p1;", 0)]
    [TestCase("activemask.b32 %r2;", -1)]
    public void Votes_and_reduces(string instructions, int expected) => Assert.That(Run(instructions), Is.All.EqualTo(expected));

    [Test]
    public void A_shuffle_that_a_part_of_the_warp_skips_is_an_error()
    {
        var error = Assert.Throws<PtxException>(() => Run("mov.b32 %r2, 0; setp.lt.u32 %p0, %r1, 9; @%p0 bra Skip; shfl.sync.bfly.b32 %r2, %r1, 1, 31, -1; "
            + "bar.warp.sync -1; bra End; Skip: bar.warp.sync -1; End: "));
        Assert.That((error.Kind, error.Thread), Is.EqualTo((PtxErrorKind.DivergentBarrier, 9)));
        Assert.That(error.Message, Does.Contain("thread 0 is missing"));
    }

    [Test]
    public void A_shuffle_of_a_part_names_its_members_and_an_absent_lanes_value_is_undefined()
    {
        const string Upper = "mov.b32 %r2, %r1; setp.lt.u32 %p0, %r1, 16; @%p0 bra End; shfl.sync.idx.b32 %r2, %r1, {0}, 31, 0xffff0000; End: ";
        Assert.That(Run(Upper.Replace("{0}", "20", StringComparison.Ordinal))[16..], Is.All.EqualTo(20));
        var error = Assert.Throws<PtxException>(() => Run(Upper.Replace("{0}", "3", StringComparison.Ordinal)));
        Assert.That((error.Kind, error.Thread), Is.EqualTo((PtxErrorKind.UnwrittenRegister, 16)));
    }

    [Test]
    public void Asynchronous_copies_arrive_when_they_are_waited_for()
    {
        const string Copy = """
            mov.u32 %r2, s; mad.lo.u32 %r2, %r1, 16, %r2; mad.wide.u32 %rd1, %r1, 16, %x;
            cp.async.cg.shared.global [%r2], [%rd1], 16; cp.async.commit_group;
            cp.async.ca.shared.global [%r2+512], [%rd1], 4; cp.async.commit_group;
            {0}
            """;
        string Text(string rest) => Copy.Replace("{0}", rest, StringComparison.Ordinal);
        const string Shared = ".shared .align 16 .b8 s[1024];";
        Assert.Multiple(() =>
        {
            Assert.That(Run(Text("cp.async.wait_group 1; ld.shared.b32 %r2, [%r2+4];"), Shared), Is.EqualTo(Enumerable.Range(0, 32).Select(i => (4 * i) + 1)));
            Assert.That(Run(Text("cp.async.wait_all; ld.shared.b32 %r2, [%r2+512];"), Shared), Is.EqualTo(Enumerable.Range(0, 32).Select(i => 4 * i)));
            Assert.That(Fault("cp.async.wait_group 1; ld.shared.b32 %r2, [%r2+512];"), Is.EqualTo(PtxErrorKind.UnsettledCopy));
            Assert.That(Fault("ld.shared.b32 %r2, [%r2];"), Is.EqualTo(PtxErrorKind.UnsettledCopy));
            Assert.That(Fault("st.shared.b32 [%r2], 0;"), Is.EqualTo(PtxErrorKind.UnsettledCopy));
            Assert.That(Fault("cp.async.wait_all; xor.b32 %r2, %r2, 16; ld.shared.b32 %r2, [%r2];"), Is.EqualTo(PtxErrorKind.Race));
            Assert.That(Run(Text("cp.async.wait_all; bar.sync 0; xor.b32 %r2, %r2, 16; ld.shared.b32 %r2, [%r2];"), Shared)[1], Is.EqualTo(0));
        });

        PtxErrorKind Fault(string rest) => Assert.Throws<PtxException>(() => Run(Text(rest), Shared)).Kind;
    }

    [Test]
    public void A_copy_fills_up_with_zeros()
    {
        const string Shared = ".shared .align 16 .b8 s[512];";
        const string Text = "mov.u32 %r2, s; mad.lo.u32 %r2, %r1, 16, %r2; mad.wide.u32 %rd1, %r1, 16, %x; mov.b32 %r3, 4; cp.async.cg.shared.global [%r2], "
            + "[%rd1], 16, %r3; cp.async.wait_all; ";
        Assert.That(Run(Text + "ld.shared.b32 %r2, [%r2+8];", Shared), Is.All.Zero);
        Assert.That(Run(Text + "ld.shared.b32 %r2, [%r2];", Shared), Is.EqualTo(Enumerable.Range(0, 32).Select(i => 4 * i)));
    }

    /// <summary>Lane in %r1, result of each lane in %r2; x holds 0, 1, 2, ...</summary>
    private static int[] Run(string instructions, string declarations = "")
    {
        var device = new PtxInterpreter();
        var x = device.Allocate<int>([.. Enumerable.Range(0, 128)], "x");
        var y = device.AllocateUnwritten<int>(32, "y");
        var text = PtxText.Kernel("xy", $"mov.u32 %r1, %laneid; mad.wide.u32 %rd0, %r1, 4, %y;\n{instructions}\nst.global.b32 [%rd0], %r2;", declarations);
        device.Launch(PtxModule.Parse(text).Kernel, 1, 32, x.View<int>(), y.View<int>());
        return y.Read<int>();
    }

    private static TestCaseData Case(string instructions, Func<int, int> source) => new TestCaseData(instructions, source).SetArgDisplayNames(instructions);
}
