using ILGPU;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Compilation;
using LargeRec.Kernels.Tests.Interpretation;
using FinishedPtx = LargeRec.Kernels.Compilation.PtxText;
using Regex = System.Text.RegularExpressions.Regex;

namespace LargeRec.Kernels.Tests.Compilation;

/// <summary>What the text pass does to PTX: slots of inline assembly, alignment of shared memory, branches.</summary>
public sealed class PtxTextTests
{
    private const string Slot = "\t.local .align 4 .b8 __local_depot0[4];\n\tmov.b64\t%rd7, __local_depot0;\n";

    [Test]
    public void A_slot_that_is_read_and_written_whole_becomes_a_register() => Assert.That(
        PtxSlots.ToRegisters($"{Slot}\tst.local.f32\t[%rd7], 0f00000000;\n\tld.local.f32\t%f1, [%rd7];\n\tst.local.f32\t[%rd7], %f1;\n"),
        Is.EqualTo("\t.reg .f32\t%slot0;\n\tmov.f32\t%slot0, 0f00000000;\n\tmov.f32\t%f1, %slot0;\n\tmov.f32\t%slot0, %f1;\n"));

    [TestCase("\tst.local.f32\t[%rd7], %f1;\n\tld.local.b32\t%r1, [%rd7];\n", TestName = "It is read as another type")]
    [TestCase("\tst.local.f32\t[%rd7], %f1;\n\tadd.u64\t%rd8, %rd7, 4;\n", TestName = "Its address is used for something else")]
    [TestCase("\tst.local.f32\t[%rd7], %f1;\n\tmov.b64\t%rd7, %rd9;\n", TestName = "The address's register is used again")]
    [TestCase("\tst.local.f32\t[%rd7+4], %f1;\n", TestName = "It is indexed")]
    [TestCase("\tst.local.b64\t[%rd7], %rd1;\n", TestName = "It is written wider than it is")]
    [TestCase("\tst.local.f32\t[%rd7], %f1;\n\tmov.b64\t%rd9, __local_depot0;\n", TestName = "Its address is taken twice")]
    public void Otherwise_it_stays_memory(string use) => Assert.That(PtxSlots.ToRegisters(Slot + use), Is.EqualTo(Slot + use));

    [Test]
    public void A_register_of_a_longer_name_is_another_one() => Assert.That(
        PtxSlots.ToRegisters($"{Slot}\tst.local.f32\t[%rd7], %f1;\n\tadd.u64\t%rd70, %rd71, 4;\n"), Does.Not.Contain(".local").And.Contain("%rd70"));

    [Test]
    public void Inline_assembly_has_no_local_memory_once_finished()
    {
        var raw = KernelText.Compile(typeof(FeatureKernels).GetMethod(nameof(FeatureKernels.TensorProduct))!, OptimizationLevel.O2);
        Assert.That(Regex.Count(raw, @"\.local\b"), Is.GreaterThan(10), "else this shows nothing");
        Assert.That(FinishedPtx.Finish(raw, KernelTarget.Sm80).Text, Does.Not.Contain(".local").And.Contain("mma.sync.aligned.m16n8k8"));
    }

    [Test]
    public void Shared_memory_is_aligned_to_16_bytes_at_least()
    {
        var raw = KernelText.Compile(typeof(SharedKernels).GetMethod(nameof(SharedKernels.Reverse))!, OptimizationLevel.O2);
        Assert.That(raw, Does.Contain(".shared .align 4 "), "else this shows nothing");
        var text = FinishedPtx.Finish(raw, KernelTarget.Sm80).Text;
        Assert.That(Regex.Matches(text, @"\.shared \.align (\d+) ").Select(m => m.Groups[1].Value), Is.Not.Empty.And.All.EqualTo("16"));
        Assert.That(FinishedPtx.Finish("\t.shared .align 128 .b8 s[512];\n", KernelTarget.Sm80).Text, Does.Contain(".shared .align 128 "));
    }

    [Test]
    public void No_branch_is_said_to_be_uniform() =>
        Assert.That(FinishedPtx.Finish("\t@%p1 bra.uni $L_7;\n$L_7:\n", KernelTarget.Sm80).Text, Does.Not.Contain(".uni").And.Contain("@%p1 bra "));

    /// <summary>A kernel with shared memory.</summary>
    public static class SharedKernels
    {
        public static void Reverse(ArrayView<float> x)
        {
            var shared = SharedMemory.Allocate<float>(64);
            shared[Group.IdxX] = x[Group.IdxX];
            Group.Barrier();
            x[Group.IdxX] = shared[63 - Group.IdxX];
        }
    }
}
