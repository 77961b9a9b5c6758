using CsCheck;
using LargeRec.Engine.Gpu.Steps;

namespace LargeRec.Kernels.Tests.Steps;

public sealed class SizeClassTests
{
    [TestCase(0, 0)]
    [TestCase(1, 64)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(512, 512)]
    [TestCase(1023, 1024)]
    [TestCase(1025, 1152)]
    [TestCase(25_600, 26_624, TestName = "The published batch of 128 x 200")]
    [TestCase(int.MaxValue / 2, 1 << 30)]
    public void Known_sizes(int count, int expected) => Assert.That(SizeClass.Of(count), Is.EqualTo(expected));

    [Test]
    public void A_class_holds_its_sizes_wastes_an_eighth_at_most_and_is_its_own() => Gen.Int[1, 1 << 24].Sample(count =>
    {
        var rows = SizeClass.Of(count);
        return rows >= count && (rows - count < 64 || (rows - count) * 8L <= count) && SizeClass.Of(rows) == rows && SizeClass.Of(count + 1) >= rows;
    });

    [Test]
    public void There_are_eight_an_octave() =>
        Assert.That(Enumerable.Range(1024, 1024).Select(SizeClass.Of).Distinct().Count(), Is.EqualTo(9), "eight, and the octave's own beginning");
}
