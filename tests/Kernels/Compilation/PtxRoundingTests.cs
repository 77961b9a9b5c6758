using LargeRec.Kernels.Compilation;

namespace LargeRec.Kernels.Tests.Compilation;

public sealed class PtxRoundingTests
{
    [Test]
    public void A_product_that_only_one_sum_uses_becomes_one_fma() =>
        Assert.That(PtxRounding.Fix("\tmul.f32\t%f3, %f1, %f2;\n\tmov.u32\t%r1, %r2;\n\tadd.f32\t%f5, %f4, %f3;\n"),
            Is.EqualTo("\tmov.u32\t%r1, %r2;\n\tfma.rn.f32\t%f5, %f1, %f2, %f4;\n"));

    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n\tadd.f32\t%f5, %f4, %f3;\n\tmov.f32\t%f6, %f3;\n", TestName = "The product is used once more")]
    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n$L_1:\n\tadd.f32\t%f5, %f4, %f3;\n", TestName = "A label is between")]
    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n\tbra\t$L_1;\n\tadd.f32\t%f5, %f4, %f3;\n", TestName = "A branch is between")]
    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n\tmov.f32\t%f1, %f7;\n\tadd.f32\t%f5, %f4, %f3;\n", TestName = "A factor changes between")]
    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n\tsub.f32\t%f5, %f4, %f3;\n", TestName = "It is subtracted")]
    [TestCase("\tmul.f32\t%f3, %f1, %f2;\n\tadd.f32\t%f5, %f3, %f3;\n", TestName = "It is added to itself")]
    public void Otherwise_both_are_rounded(string text)
    {
        var expected = text.Replace("mul.f32", "mul.rn.f32", StringComparison.Ordinal).Replace("add.f32", "add.rn.f32", StringComparison.Ordinal)
            .Replace("sub.f32", "sub.rn.f32", StringComparison.Ordinal);
        Assert.That(PtxRounding.Fix(text), Is.EqualTo(expected));
    }
}
