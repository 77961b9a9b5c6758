namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Faults of memory that a kernel can have are errors with a line, a thread and a group.</summary>
public sealed class MemoryFaultTests
{
    private const string Index = "mov.u32 %r0, %tid.x; mov.u32 %r1, %ctaid.x; shl.b32 %r1, %r1, 5; add.u32 %r0, %r0, %r1; mad.wide.u32 %rd0, %r0, 4, %x;\n";

    [TestCase("ld.global.f32 %f0, [%rd0+128];", "reads 4 bytes at byte 256 of 'x', which has 256")]
    [TestCase("ld.global.f32 %f0, [%rd0-4];", "reads 4 bytes at byte -4 of 'x', which has 256")]
    [TestCase("st.global.f32 [%rd0+128], 0f3F800000;", "writes 4 bytes at byte 256 of 'x', which has 256")]
    [TestCase("st.f32 [%rd0+128], 0f3F800000;", "writes 4 bytes at byte 256 of 'x', which has 256")]
    [TestCase("ld.global.f32 %f0, [16];", "address 0x10, where nothing lies")]
    [TestCase("mov.s32 %r2, -1; mad.wide.u32 %rd1, %r2, 4, %x; ld.global.f32 %f0, [%rd1];", "reads 4 bytes at byte 17179869180 of 'x'")]
    public void Accesses_out_of_bounds(string access, string message)
    {
        var error = Fails(Index + access);
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.OutOfBounds));
            Assert.That(error.Message, Does.Contain(message).And.Contain(error.Instruction));
            Assert.That(error.Line, Is.GreaterThan(8));
        });
    }

    [Test]
    public void Names_the_thread_the_group_and_the_line()
    {
        var error = Fails(Index + "ld.global.f32 %f0, [%rd0+8];\nret;");
        Assert.That((error.Thread, error.Group, error.Instruction), Is.EqualTo((30, 1, "ld.global.f32 %f0, [%rd0+8];")));
    }

    [TestCase("ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%rd0];", "16 bytes", 1)]
    [TestCase("ld.global.v2.f32 {%f0, %f1}, [%rd0];", "8 bytes", 1)]
    [TestCase("ld.global.b32 %r3, [%rd0+2];", "4 bytes", 0)]
    [TestCase("st.global.b64 [%rd0], %rd0;", "8 bytes", 1)]
    public void Misaligned_accesses(string access, string message, int thread)
    {
        var error = Fails(Index + access);
        Assert.That((error.Kind, error.Thread), Is.EqualTo((PtxErrorKind.Misaligned, thread)));
        Assert.That(error.Message, Does.Contain(message));
    }

    [Test]
    public void Reads_of_memory_that_nothing_wrote()
    {
        var shared = Fails("ld.shared.f32 %f0, [s+4];", ".shared .align 4 .b8 s[64];");
        var local = Fails("ld.local.f32 %f0, [l];", ".local .align 4 .b8 l[64];");
        var device = new PtxInterpreter();
        var buffer = device.AllocateUnwritten<float>(32, "scores");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", "ld.global.f32 %f0, [%x+8];")).Kernel;
        var global = Assert.Throws<PtxException>(() => device.Launch(kernel, 1, 1, buffer.View<float>()));
        Assert.Multiple(() =>
        {
            Assert.That(new[] { shared.Kind, local.Kind, global.Kind }, Is.All.EqualTo(PtxErrorKind.UnwrittenMemory));
            Assert.That(shared.Message, Does.Contain("'s' at byte 4 (4 bytes) is read and nothing has written it"));
            Assert.That(global.Message, Does.Contain("'scores' at byte 8"));
        });
    }

    [Test]
    public void Shared_memory_of_a_group_is_unwritten_again_for_the_next()
    {
        var error = Fails("mov.u32 %r0, %ctaid.x; setp.ne.u32 %p0, %r0, 0; @!%p0 st.shared.b32 [s], %r0; bar.sync 0; ld.shared.b32 %r1, [s];",
            ".shared .align 4 .b8 s[4];", threads: 1);
        Assert.That((error.Kind, error.Group), Is.EqualTo((PtxErrorKind.UnwrittenMemory, 1)));
    }

    [Test]
    public void Uses_of_registers_that_this_thread_has_not_written()
    {
        var error = Fails(Index + "setp.lt.u32 %p0, %r0, 5; @%p0 mov.b32 %r4, 3; add.s32 %r5, %r4, 1;");
        Assert.That((error.Kind, error.Thread), Is.EqualTo((PtxErrorKind.UnwrittenRegister, 5)));
    }

    [Test]
    public void Accesses_past_one_shared_array_do_not_meet_the_next()
    {
        var error = Fails("mov.u32 %r0, a; st.shared.f32 [%r0+16], 0f00000000;", ".shared .align 4 .b8 a[16]; .shared .align 4 .b8 b[16];");
        Assert.That(error.Message, Does.Contain("writes 4 bytes at byte 16 of 'a', which has 16"));
    }

    [Test]
    public void Narrow_stores_next_to_each_other_are_no_race_and_a_common_word_is()
    {
        const string Threads = "mov.u32 %r0, %tid.x; cvt.u64.u32 %rd0, %r0; add.u64 %rd0, %rd0, %x;";
        Assert.DoesNotThrow(() => Run(Threads + "st.global.u8 [%rd0], 1;", threads: 32, groups: 1));
        var error = Assert.Throws<PtxException>(() => Run("st.global.u8 [%x], 1;", threads: 32, groups: 1));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.Race));
    }

    [Test]
    public void Groups_that_write_the_same_element_race_and_atomics_do_not()
    {
        var error = Assert.Throws<PtxException>(() => Run("mov.b32 %r0, 1; st.global.b32 [%x], %r0;", threads: 1, groups: 2));
        Assert.That((error.Kind, error.Group), Is.EqualTo((PtxErrorKind.Race, 1)));
        Assert.That(Run("red.global.add.u32 [%x], 1;", threads: 64, groups: 3).Read<int>()[0], Is.EqualTo(192));
        Assert.That(Run("red.global.add.u32 [%x], 1;", threads: 64, groups: 3, launches: 2).Read<int>()[0], Is.EqualTo(384));
    }

    [Test]
    public void A_launch_is_ordered_after_the_one_before()
    {
        Assert.DoesNotThrow(() => Run("mov.u32 %r0, %tid.x; setp.ne.u32 %p0, %r0, 0; @%p0 ret; ld.global.b32 %r1, [%x]; st.global.b32 [%x], %r1;", threads: 32,
            groups: 1, launches: 2));
    }

    [Test]
    public void Atomics_give_the_old_value()
    {
        var x = Run(
            """
            mov.u32 %r0, %tid.x; mad.wide.u32 %rd0, %r0, 4, %x;
            atom.global.add.u32 %r1, [%x], 2; st.global.b32 [%rd0+4], %r1;
            setp.ne.u32 %p0, %r0, 0; @%p0 ret;
            atom.cas.global.b32 %r2, [%x+40], 0, 9; atom.cas.global.b32 %r3, [%x+40], 9, 10; atom.max.global.s32 %r4, [%x+40], -3;
            st.global.b32 [%x+44], %r2; st.global.b32 [%x+48], %r3; st.global.b32 [%x+52], %r4; red.add.global.f32 [%x+56], 0f3FC00000;
            """,
            threads: 4,
            groups: 1).Read<int>();
        Assert.That(x[..5], Is.EqualTo((int[])[8, 0, 2, 4, 6]));
        Assert.That(x[10..14], Is.EqualTo((int[])[10, 0, 9, 10]));
        Assert.That(BitConverter.Int32BitsToSingle(x[14]), Is.EqualTo(1.5f));
    }

    [Test]
    public void Generic_addresses_reach_shared_local_and_global_memory()
    {
        var text = PtxText.Kernel(
            "x",
            """
            mov.u64 %rd0, s; cvta.shared.u64 %rd0, %rd0; mov.u64 %rd1, l; cvta.local.u64 %rd1, %rd1;
            st.b32 [%rd0], 5; st.b32 [%rd1], 6; ld.shared.b32 %r0, [s]; ld.local.b32 %r1, [l]; ld.b32 %r2, [%x];
            add.s32 %r0, %r0, %r1; add.s32 %r0, %r0, %r2; cvta.to.shared.u64 %rd2, %rd0; ld.shared.b32 %r3, [%rd2]; add.s32 %r0, %r0, %r3; st.b32 [%x], %r0;
            """,
            ".shared .align 4 .b8 s[4]; .local .align 4 .b8 l[4];");
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>([7], "x");
        device.Launch(PtxModule.Parse(text).Kernel, 1, 1, buffer.View<int>());
        Assert.That(buffer.Read<int>()[0], Is.EqualTo(23));
    }

    [Test]
    public void Initialised_variables_of_the_module_are_read_and_constants_are_not_written()
    {
        const string Table = ".const .align 4 .b32 table[3] = {5, -6, 0f3F800000};\n";
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>([0], "x");
        var text = PtxText.Kernel("x", "ld.const.b32 %r0, [table+4]; st.global.b32 [%x], %r0;")
            .Replace(".visible", Table + ".visible", StringComparison.Ordinal);
        device.Launch(PtxModule.Parse(text).Kernel, 1, 1, buffer.View<int>());
        Assert.That(buffer.Read<int>()[0], Is.EqualTo(-6));
        var written = PtxText.Kernel("x", "mov.u64 %rd0, table; st.b32 [%rd0], 1;").Replace(".visible", Table + ".visible", StringComparison.Ordinal);
        var error = Assert.Throws<PtxException>(() => device.Launch(PtxModule.Parse(written).Kernel, 1, 1, buffer.View<int>()));
        Assert.That(error.Message, Does.Contain("'table' is read-only and is written"));
    }

    [Test]
    public void Views_start_at_their_offset_and_end_with_the_buffer()
    {
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>([1, 2, 3, 4], "x");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", "ld.global.b32 %r0, [%x]; ld.param.b64 %rd0, [_x+8]; cvt.u32.u64 %r1, %rd0; st.global.b32 [%x], "
            + "%r1; st.global.b32 [%x+4], %r0;")).Kernel;
        device.Launch(kernel, 1, 1, buffer.View<int>(2, 2));
        Assert.That(buffer.Read<int>(), Is.EqualTo((int[])[1, 2, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.View<int>(2, 3));
    }

    [Test]
    public void A_freed_buffer_is_out_of_bounds_and_others_keep_their_places()
    {
        var device = new PtxInterpreter();
        var x = device.Allocate<int>([1, 2], "x");
        var y = device.Allocate<int>([3, 4], "y");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", "ld.global.b32 %r0, [%x]; st.global.b32 [%x+4], %r0;")).Kernel;
        device.Free(x);
        device.Launch(kernel, 1, 1, y.View<int>());
        var error = Assert.Throws<PtxException>(() => device.Launch(kernel, 1, 1, x.View<int>()));
        Assert.That(error.Message, Does.Contain("reads 4 bytes at byte 0 of 'x (freed)', which has 0"));
        Assert.That(y.Read<int>(), Is.EqualTo((int[])[3, 3]));
    }

    [Test]
    public void The_host_reads_and_writes_parts_of_a_buffer()
    {
        var device = new PtxInterpreter();
        var x = device.AllocateUnwritten<byte>(4, "x");
        x.Write(1, [7, 8]);
        var part = new byte[2];
        x.Read(1, part);
        Assert.That((part[0], part[1], x.UnwrittenBytes), Is.EqualTo(((byte)7, (byte)8, 2L)));
    }

    [Test]
    public void Counts_the_sectors_and_bank_passes_of_a_warp()
    {
        var text = PtxText.Kernel(
            "x",
            """
            mov.u32 %r0, %tid.x; mad.wide.u32 %rd0, %r0, 4, %x; ld.global.b32 %r1, [%rd0];
            mad.wide.u32 %rd1, %r0, 128, %x; ld.global.b32 %r2, [%rd1];
            mov.u32 %r3, s; mad.lo.u32 %r4, %r0, 4, %r3; st.shared.b32 [%r4], %r0; bar.sync 0;
            mad.lo.u32 %r5, %r0, 128, %r3; st.shared.b32 [%r5], %r0; bar.sync 0; ld.shared.b32 %r6, [%r3];
            and.b32 %r7, %r0, 15; mad.lo.u32 %r7, %r7, 8, %r3; bar.sync 0; mov.u64 %rd3, 0; @%p0 bra End; End: ret;
            """.Replace("@%p0 bra End; End: ", "", StringComparison.Ordinal),
            ".shared .align 16 .b8 s[4096];");
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>(new int[1024], "x");
        var report = device.Launch(PtxModule.Parse(text).Kernel, 1, 32, buffer.View<int>());
        Assert.Multiple(() =>
        {
            Assert.That((report.GlobalLoads, report.GlobalLoadSectors), Is.EqualTo((2, 4 + 32)));
            Assert.That((report.SharedAccesses, report.SharedPasses), Is.EqualTo((3, 1 + 32 + 1)));
            Assert.That(report.WarpInstructions["bar.sync"], Is.EqualTo(3));
            Assert.That(report.ThreadInstructions["ld.global.b32"], Is.EqualTo(64));
            Assert.That(report.Count("st.shared"), Is.EqualTo(64));
        });
    }

    private static PtxException Fails(string body, string declarations = "", int threads = 32)
    {
        var device = new PtxInterpreter();
        var buffer = device.Allocate<float>(new float[64], "x");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", body, declarations)).Kernel;
        return Assert.Throws<PtxException>(() => device.Launch(kernel, 2, threads, buffer.View<float>()))!;
    }

    private static PtxBuffer Run(string body, int threads, int groups, int launches = 1)
    {
        var device = new PtxInterpreter();
        var buffer = device.Allocate<int>(new int[64], "x");
        var kernel = PtxModule.Parse(PtxText.Kernel("x", body)).Kernel;
        for (var i = 0; i < launches; i++)
        {
            device.Launch(kernel, groups, threads, buffer.View<int>());
        }

        return buffer;
    }
}
