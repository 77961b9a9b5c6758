using System.Reflection;
using ILGPU;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Compilation;
using LargeRec.Kernels.Lint;

namespace LargeRec.Kernels.Tests.Lint;

/// <summary>Nothing is found in the catalogue, and every planted fault is.</summary>
public sealed class KernelLintTests
{
    [Test]
    public void Nothing_is_found_in_the_catalogue()
    {
        var source = new IlgpuKernelSource();
        Assert.That(KernelLint.CheckAll(source), Is.Empty);
    }

    [TestCase(nameof(FaultyKernels.IntegerLiterals), KernelTarget.OpenCl, "write 1f : 0f")]
    [TestCase(nameof(FaultyKernels.IntegerLiterals), KernelTarget.Sm80, "write 1f : 0f")]
    [TestCase(nameof(FaultyKernels.Fused), KernelTarget.Sm80, "which is not there")]
    [TestCase(nameof(FaultyKernels.Tanh), KernelTarget.Sm80, "an approximate function")]
    [TestCase(nameof(FaultyKernels.Switch), KernelTarget.Sm80, "a jump table")]
    [TestCase(nameof(FaultyKernels.Atomic), KernelTarget.Sm80, "an atomic")]
    [TestCase(nameof(FaultyKernels.Atomic), KernelTarget.OpenCl, "an atomic")]
    [TestCase(nameof(FaultyKernels.LocalArray), KernelTarget.Sm80, "local memory")]
    public void A_text_shows(string kernel, KernelTarget target, string rule) =>
        Assert.That(KernelLint.Check(Compile(kernel, target)).Select(f => f.Rule), Has.Some.Contains(rule));

    [TestCase(nameof(FaultyKernels.FloatLiterals))]
    [TestCase(nameof(FaultyKernels.OwnTanh))]
    [TestCase(nameof(FaultyKernels.Barrier))]
    public void A_text_is_clean(string kernel)
    {
        foreach (var target in Enum.GetValues<KernelTarget>())
        {
            Assert.That(KernelLint.Check(Compile(kernel, target)), Is.Empty);
        }
    }

    [Test]
    public void A_generic_access_is_seen_which_O1_leaves()
    {
        var image = Compile(nameof(FaultyKernels.FloatLiterals), KernelTarget.Sm80, OptimizationLevel.O1);
        Assert.That(KernelLint.Check(image).Select(f => f.Rule), Has.Some.Contains("a generic load or store"));
    }

    // What the pass over the text mends is planted in a finished one.
    [TestCase(nameof(FaultyKernels.Barrier), KernelTarget.OpenCl, "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE", "CLK_GLOBAL_MEM_FENCE",
        "does not fence local memory")]
    [TestCase(nameof(FaultyKernels.Barrier), KernelTarget.OpenCl, "global float*", "__generic float*", "a generic pointer")]
    [TestCase(nameof(FaultyKernels.Barrier), KernelTarget.OpenCl, "barrier(", "work_group_reduce_add(", "reduction")]
    [TestCase(nameof(FaultyKernels.Quarter), KernelTarget.Sm80, "ret;", "bra.uni\t$L_0;\n\tret;", "marked uniform")]
    [TestCase(nameof(FaultyKernels.Quarter), KernelTarget.Sm90a, ".target sm_90a", ".target sm_90", "no line '.target sm_90a'")]
    [TestCase(nameof(FaultyKernels.ExactFactors), KernelTarget.Sm80, "mul.rn.f32", "mul.f32", "how it is rounded")]
    public void A_changed_text_shows(string kernel, KernelTarget target, string text, string replacement, string rule)
    {
        var image = Compile(kernel, target);
        Assert.That(image.Text, Does.Contain(text));
        Assert.That(KernelLint.Check(image), Is.Empty);
        var changed = image with { Text = image.Text.Replace(text, replacement, StringComparison.Ordinal) };
        Assert.That(KernelLint.Check(changed).Select(f => f.Rule), Has.Some.Contains(rule));
    }

    [TestCase(nameof(FaultyKernels.Quarter), "a division by 4")]
    [TestCase(nameof(FaultyKernels.UnsignedQuarter), "a division by 4")]
    [TestCase(nameof(FaultyKernels.QuarterInACallee), "a division by 4")]
    [TestCase(nameof(FaultyKernels.Switch), "a switch")]
    [TestCase(nameof(FaultyKernels.CopySign), "System.MathF.CopySign")]
    [TestCase(nameof(FaultyKernels.Fused), "System.MathF.FusedMultiplyAdd")]
    [TestCase(nameof(FaultyKernels.Tanh), "System.MathF.Tanh")]
    [TestCase(nameof(FaultyKernels.Maximum), "System.MathF.Max")]
    [TestCase(nameof(FaultyKernels.ConstantLeft), "a constant on the left")]
    [TestCase(nameof(FaultyKernels.ConstantLeftInABranch), "a constant on the left")]
    [TestCase(nameof(FaultyKernels.TwoSummands), "a sum with two constants")]
    [TestCase(nameof(FaultyKernels.TwoFactors), "a product with two constants")]
    [TestCase(nameof(FaultyKernels.TwoCasts), "two casts")]
    [TestCase(nameof(FaultyKernels.Booleans), "a view of bool")]
    public void A_method_shows(string kernel, string rule) => Assert.That(OfMethod(kernel).Select(f => f.Rule), Has.Some.Contains(rule));

    [TestCase(nameof(FaultyKernels.Third))]
    [TestCase(nameof(FaultyKernels.ConstantRight))]
    [TestCase(nameof(FaultyKernels.OppositeSummands))]
    [TestCase(nameof(FaultyKernels.ExactFactors))]
    [TestCase(nameof(FaultyKernels.Masked))]
    [TestCase(nameof(FaultyKernels.OwnTanh))]
    public void A_method_is_clean(string kernel) => Assert.That(OfMethod(kernel), Is.Empty);

    [Test]
    public void The_engines_formulas_are_looked_through_too()
    {
        var methods = new KernelMethods();
        var reached = ReachedMethods.From([methods.Find("pointwise.backward-gelu.plain")]).Select(m => $"{m.DeclaringType!.Name}.{m.Name}");
        Assert.That(reached, Has.Some.EqualTo("Gelu.Derivative").And.Some.EqualTo("Elementary.NormalCumulative").And.Some.EqualTo("Lane.Round"));
    }

    private static KernelImage Compile(string kernel, KernelTarget target, OptimizationLevel level = OptimizationLevel.O2)
    {
        var compiler = new IlgpuCompiler(level);
        return compiler.Compile("test.faulty.plain", Method(kernel), target);
    }

    private static IEnumerable<LintFinding> OfMethod(string kernel) => ReachedMethods.From([Method(kernel)]).SelectMany(MethodLint.Check);

    private static MethodInfo Method(string kernel) => typeof(FaultyKernels).GetMethod(kernel)!;
}
