using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Compilation;

namespace LargeRec.Kernels.Tests.Compilation;

public sealed class CompileErrorTests
{
    [Test]
    public void An_error_names_kernel_variant_target_and_construct_and_the_next_kernel_compiles(
        [Values(nameof(FailingKernels.Throws), nameof(FailingKernels.WritesAStatic), nameof(FailingKernels.Boxes))] string kernel,
        [Values(KernelTarget.OpenCl, KernelTarget.Sm90)] KernelTarget target)
    {
        var compiler = new IlgpuCompiler();
        var before = Good(compiler, target);
        var error = Assert.Throws<KernelException>(() => compiler.Compile("family.operation.tiled", typeof(FailingKernels).GetMethod(kernel)!, target))!;
        TestContext.Out.WriteLine(error.Message);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Message, Does.StartWith($"kernel family.operation.tiled cannot be compiled for {target}: FailingKernels.{kernel}: "));
            Assert.That(error.Message, Does.Not.Contain("\n"));
            Assert.That(error.Message.Split(": ", 3)[2], Has.Length.GreaterThan(20), "the construct");
            Assert.That(Good(compiler, target), Is.EqualTo(before), "the compiler's state is broken");
        }
    }

    [Test]
    public void A_parameter_that_kernels_do_not_take_is_named()
    {
        var compiler = new IlgpuCompiler();
        Assert.That(
            () => compiler.Compile("a.b.plain", typeof(FailingKernels).GetMethod(nameof(FailingKernels.TakesADouble))!, KernelTarget.Sm80),
            Throws.TypeOf<KernelException>()
            .With.Message.EqualTo("FailingKernels.TakesADouble: parameter y is a Double; kernels take views, int, uint and float"));
    }

    private static string Good(IlgpuCompiler compiler, KernelTarget target) =>
        compiler.Compile("a.good.plain", typeof(FailingKernels).GetMethod(nameof(FailingKernels.Good))!, target).Text;
}
