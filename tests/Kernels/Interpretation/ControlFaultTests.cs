namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Barriers, branches, calls, and texts that are refused.</summary>
public sealed class ControlFaultTests
{
    private const string Thread = "mov.u32 %r0, %tid.x; mad.wide.u32 %rd0, %r0, 4, %x;\n";

    [Test]
    public void Parted_threads_meet_again()
    {
        var x = Run(
            """
            mov.b32 %r1, 0;
            Loop: setp.ge.u32 %p0, %r1, %r0; @%p0 bra Done; add.u32 %r1, %r1, 1; and.b32 %r2, %r1, 1; setp.eq.u32 %p1, %r2, 0; @%p1 bra Even; bra Loop;
            Even: bra.uni Loop;
            Done: bar.sync 0; st.global.b32 [%rd0], %r1; ret;
            """);
        Assert.That(x, Is.EqualTo(Enumerable.Range(0, 64)));
    }

    [Test]
    public void Indexed_branches_go_where_their_table_says()
    {
        var x = Run(
            """
            and.b32 %r1, %r0, 3; setp.eq.u32 %p0, %r1, 3; @%p0 bra Default;
            Table: .branchtargets One, Two, Three;
            brx.idx %r1, Table;
            One: mov.b32 %r2, 10; bra End;
            Two: mov.b32 %r2, 20; bra End;
            Three: mov.b32 %r2, 30; bra End;
            Default: mov.b32 %r2, 40;
            End: st.global.b32 [%rd0], %r2;
            """);
        Assert.That(x, Is.EqualTo(Enumerable.Range(0, 64).Select(i => 10 * ((i & 3) + 1))));
    }

    [Test]
    public void Calls_pass_parameters_and_results()
    {
        const string Function = """
            .func (.param .b32 result) Twice(.param .b32 value) { .reg .b32 %r<3>; .reg .pred %p<1>; ld.param.b32 %r0, [value];
              setp.gt.s32 %p0, %r0, 40; @%p0 bra Big;
              add.s32 %r1, %r0, %r0; st.param.b32 [result], %r1; ret; Big: st.param.b32 [result], -1; ret; }
            """;
        const string Body = """
            { .param .b32 in; st.param.b32 [in], %r0; .param .b32 out; call.uni (out), Twice, (in); ld.param.b32 %r1, [out]; }
            { .param .b32 in; st.param.b32 [in], %r1; .param .b32 out; call.uni (out), Twice, (in); ld.param.b32 %r1, [out]; }
            st.global.b32 [%rd0], %r1;
            """;
        var x = Run(Body, declarations: "", before: Function);
        int Twice(int i) => i > 40 ? -1 : 2 * i;
        Assert.That(x, Is.EqualTo(Enumerable.Range(0, 64).Select(i => Twice(Twice(i)))));
    }

    [Test]
    public void A_missing_barrier_is_a_race()
    {
        const string Reverse = "mov.u32 %r1, s; mad.lo.u32 %r2, %r0, 4, %r1; st.shared.b32 [%r2], %r0; {0} xor.b32 %r3, %r0, {1}; mad.lo.u32 %r3, %r3, 4, "
            + "%r1; ld.shared.b32 %r4, [%r3]; st.global.b32 [%rd0], %r4;";
        string Text(string barrier, int other) => Reverse.Replace("{0}", barrier, StringComparison.Ordinal)
            .Replace("{1}", $"{other}", StringComparison.Ordinal);
        const string Shared = ".shared .align 4 .b8 s[256];";
        var across = Fails(Text("", 63), Shared);
        var within = Fails(Text("", 1), Shared);
        Assert.Multiple(() =>
        {
            Assert.That(across.Kind, Is.EqualTo(PtxErrorKind.Race).Or.EqualTo(PtxErrorKind.UnwrittenMemory));
            Assert.That(within.Kind, Is.EqualTo(PtxErrorKind.Race));
            Assert.That(within.Message, Does.Contain("this thread reads 's' at byte 4 (4 bytes) and thread 1 of group 0 wrote it with no barrier in between"));
            Assert.That(Run(Text("bar.sync 0;", 63), Shared)[0], Is.EqualTo(63));
            Assert.That(Run(Text("bar.warp.sync 4294967295;", 1), Shared)[0], Is.EqualTo(1));
            Assert.That(Fails(Text("bar.warp.sync 4294967295;", 63), Shared).Kind, Is.EqualTo(PtxErrorKind.UnwrittenMemory));
        });
    }

    [Test]
    public void A_write_after_another_threads_read_is_a_race()
    {
        var error = Fails("setp.ne.u32 %p0, %r0, 0; @!%p0 st.shared.b32 [s], %r0; bar.sync 0; ld.shared.b32 %r1, [s]; setp.ne.u32 %p0, %r0, 40; @!%p0 "
            + "st.shared.b32 [s], %r0;", ".shared .align 4 .b8 s[4];");
        Assert.That((error.Kind, error.Thread), Is.EqualTo((PtxErrorKind.Race, 40)));
        Assert.That(error.Message, Does.Contain("several threads read it"));
    }

    [TestCase("setp.lt.u32 %p0, %r0, 8; @%p0 bra Skip; bar.sync 0; Skip: ret;", PtxErrorKind.MissingThread, "thread 0 has returned", 8)]
    [TestCase("setp.lt.u32 %p0, %r0, 8; @%p0 bra Other; bar.sync 0; bra End; Other: bar.sync 0; End: ret;", PtxErrorKind.DivergentBarrier,
        "is executed by a part of the warp", 8)]
    [TestCase("setp.lt.u32 %p0, %r0, 32; @%p0 bra Other; bar.sync 0; bra End; Other: bar.sync 0; End: ret;", PtxErrorKind.DivergentBarrier, "at another", 0)]
    [TestCase("setp.lt.u32 %p0, %r0, 32; @%p0 ret; bar.sync 0;", PtxErrorKind.MissingThread, "thread 0 has returned", 32)]
    [TestCase("setp.lt.u32 %p0, %r0, 8; @%p0 bar.sync 0; @!%p0 bar.sync 0;", PtxErrorKind.DivergentBarrier, "thread 8 is missing", 0)]
    public void Barriers_that_not_all_threads_reach(string body, PtxErrorKind kind, string message, int thread)
    {
        var error = Fails(body);
        Assert.That((error.Kind, error.Thread), Is.EqualTo((kind, thread)), error.Message);
        Assert.That(error.Message, Does.Contain(message));
    }

    [Test]
    public void Uniform_branches_that_part_a_warp()
    {
        var error = Fails("setp.lt.u32 %p0, %r0, 5; @%p0 bra.uni Skip; mov.b32 %r1, 1; Skip: ret;");
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.DivergentUniform));
        Assert.That(error.Message, Does.Contain("marked .uni is taken by 5 of 32 threads"));
        Assert.DoesNotThrow(() => Run("setp.lt.u32 %p0, %r0, 32; @%p0 bra.uni Skip; mov.b32 %r1, 1; Skip: ret;"));
    }

    [Test]
    public void Loops_without_end()
    {
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>(new int[64], "x");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", "Loop: bra Loop;")).Kernel;
        var error = Assert.Throws<PtxException>(() => device.Launch(kernel, 1, 32, new LaunchOptions { InstructionLimit = 1000 }, buffer.View<int>()));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.TooManyInstructions));
    }

    [TestCase("frobnicate.f32 %f0, %f1;", PtxErrorKind.UnknownInstruction, "'frobnicate.f32' is not implemented")]
    [TestCase("add.rz.f32 %f0, %f1, %f2;", PtxErrorKind.UnknownInstruction, "'add.rz.f32'")]
    [TestCase("ld.surf.f32 %f0, [%x];", PtxErrorKind.UnknownInstruction, "'ld.surf.f32'")]
    [TestCase("bar.sync 1;", PtxErrorKind.UnknownInstruction, "barriers other than number 0")]
    [TestCase("call Nowhere, ();", PtxErrorKind.Undefined, "'Nowhere' is called and is declared nowhere")]
    [TestCase("bra Nowhere;", PtxErrorKind.Undefined, "label 'Nowhere' is declared nowhere")]
    [TestCase("add.s32 %r0, %r1, %zz;", PtxErrorKind.Undefined, "register '%zz' is declared nowhere")]
    [TestCase("add.s32 %r0, %r1, %rd0;", PtxErrorKind.Operand, "register '%rd0' of type B64 does not fit type S32")]
    [TestCase("add.s32 %r0, %f1, %r2;", PtxErrorKind.Operand, "register '%f1' of type F32 does not fit type S32")]
    [TestCase("add.f32 %f0, %f1, 5;", PtxErrorKind.Operand, "does not fit type F32")]
    [TestCase("add.s32 %r0, %r1;", PtxErrorKind.Operand, "3 operands were expected, 2 are there")]
    [TestCase("mov.u32 %r0, %clock;", PtxErrorKind.Undefined, "'%clock'")]
    [TestCase("ld.param.b64 %rd0, [_x+12];", PtxErrorKind.OutOfBounds, "parameter '_x' has 16 bytes")]
    [TestCase("add.s32 %r0, %r1 %r2;", PtxErrorKind.Syntax, "',' was expected")]
    [TestCase("trap;", PtxErrorKind.Trap, "trap was executed")]
    [TestCase(".reg .b32 %r0;", PtxErrorKind.Syntax, "'%r0' is declared twice")]
    public void Texts_that_are_refused(string instruction, PtxErrorKind kind, string message)
    {
        var error = Fails(instruction);
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(kind), error.Message);
            Assert.That(error.Message, Does.Contain(message));
            Assert.That(error.Instruction, Does.Contain(instruction));
            Assert.That(error.Line, Is.GreaterThan(8));
        });
    }

    [Test]
    public void Launches_that_do_not_fit_the_kernel()
    {
        var device = new PtxInterpreter();
        var x = device.Allocate<int>([1], "x");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", "ret;")).Kernel;
        Assert.Multiple(() =>
        {
            Assert.That(() => device.Launch(kernel, 1, 1025, x.View<int>()), Throws.TypeOf<PtxException>().With.Message.Contains("1 to 1024 are allowed"));
            Assert.That(() => device.Launch(kernel, 0, 1, x.View<int>()), Throws.TypeOf<PtxException>().With.Message.Contains("each must be at least 1"));
            Assert.That(() => device.Launch(kernel, 1, 1), Throws.TypeOf<PtxException>().With.Message.EqualTo("'k' takes 1 arguments, 0 were given"));
            Assert.That(() => device.Launch(kernel, 1, 1, 5), Throws.TypeOf<PtxException>()
                .With.Message.EqualTo("'k': parameter '_x' has 16 bytes, its argument 4"));
        });
    }

    [Test]
    public void Group_and_thread_numbers_come_in_three_dimensions()
    {
        var text = PtxText.Kernel(
            "x",
            """
            mov.u32 %r0, %ctaid.z; mov.u32 %r1, %nctaid.y; mov.u32 %r2, %ctaid.y; mad.lo.u32 %r0, %r0, %r1, %r2; mov.u32 %r1, %nctaid.x; mov.u32 %r2, %ctaid.x;
            mad.lo.u32 %r0, %r0, %r1, %r2; mov.u32 %r1, %ntid.z; mov.u32 %r2, %tid.z; mad.lo.u32 %r0, %r0, %r1, %r2; mov.u32 %r1, %ntid.y; mov.u32 %r2, %tid.y;
            mad.lo.u32 %r0, %r0, %r1, %r2; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x; mad.lo.u32 %r0, %r0, %r1, %r2;
            mad.wide.u32 %rd0, %r0, 4, %x; st.global.b32 [%rd0], %r0;
            """);
        var device = new PtxInterpreter();
        var buffer = device.AllocateUnwritten<int>(2 * 3 * 2 * 4 * 2 * 5, "x");
        device.Launch(PtxModule.Parse(text).Kernel, new LaunchSize(2, 3, 2), new LaunchSize(4, 2, 5), buffer.View<int>());
        Assert.That(buffer.Read<int>(), Is.EqualTo(Enumerable.Range(0, 480)));
        Assert.That(buffer.UnwrittenBytes, Is.Zero);
    }

    private static int[] Run(string body, string declarations = "", string before = "")
    {
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>(new int[64], "x");
        var text = PtxText.Kernel("x", Thread + body, declarations).Replace(".visible", before + "\n.visible", StringComparison.Ordinal);
        device.Launch(PtxModule.Parse(text).Kernel, 1, 64, buffer.View<int>());
        return buffer.Read<int>();
    }

    private static PtxException Fails(string body, string declarations = "") => Assert.Throws<PtxException>(() => Run(body, declarations))!;
}
