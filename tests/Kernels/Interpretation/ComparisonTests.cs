namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>setp and selp, with NaN, and what combines with a third predicate.</summary>
public sealed class ComparisonTests
{
    private static readonly TestCaseData[] Floats =
    [
        Case<float>("eq", (a, b) => a == b),
        Case<float>("ne", (a, b) => a < b || a > b),
        Case<float>("lt", (a, b) => a < b),
        Case<float>("le", (a, b) => a <= b),
        Case<float>("gt", (a, b) => a > b),
        Case<float>("ge", (a, b) => a >= b),
        Case<float>("equ", (a, b) => !(a < b) && !(a > b)),
        Case<float>("neu", (a, b) => a != b),
        Case<float>("ltu", (a, b) => !(a >= b)),
        Case<float>("leu", (a, b) => !(a > b)),
        Case<float>("gtu", (a, b) => !(a <= b)),
        Case<float>("geu", (a, b) => !(a < b)),
        Case<float>("num", (a, b) => !float.IsNaN(a) && !float.IsNaN(b)),
        Case<float>("nan", (a, b) => float.IsNaN(a) || float.IsNaN(b)),
    ];

    private static readonly TestCaseData[] Integers =
    [
        Case<int>("eq.s32", (a, b) => a == b),
        Case<int>("ne.s32", (a, b) => a != b),
        Case<int>("lt.s32", (a, b) => a < b),
        Case<int>("le.s32", (a, b) => a <= b),
        Case<int>("gt.s32", (a, b) => a > b),
        Case<int>("ge.s32", (a, b) => a >= b),
        Case<int>("lo.u32", (a, b) => (uint)a < (uint)b),
        Case<int>("ls.u32", (a, b) => (uint)a <= (uint)b),
        Case<int>("hi.u32", (a, b) => (uint)a > (uint)b),
        Case<int>("hs.u32", (a, b) => (uint)a >= (uint)b),
        Case<int>("lt.u32", (a, b) => (uint)a < (uint)b),
        Case<int>("eq.b32", (a, b) => a == b),
    ];

    [TestCaseSource(nameof(Floats))]
    public void Compares_floats(string name, Func<float, float, bool> reference)
    {
        var (a, b) = Values.Pairs(Values.Floats());
        Assert.That(PtxText.Map<int>($"setp.{name}.f32 %p, %a, %b; selp.b32 %d, 1, 0, %p;", a, b), Is.EqualTo(a.Zip(b, (x, y) => reference(x, y) ? 1 : 0)));
    }

    [TestCaseSource(nameof(Integers))]
    public void Compares_integers(string name, Func<int, int, bool> reference)
    {
        var (a, b) = Values.Pairs(Values.Integers<int>());
        Assert.That(PtxText.Map<int>($"setp.{name} %p, %a, %b; selp.b32 %d, 1, 0, %p;", a, b), Is.EqualTo(a.Zip(b, (x, y) => reference(x, y) ? 1 : 0)));
    }

    [TestCase("and", false)]
    [TestCase("or", false)]
    [TestCase("xor", true)]
    public void Combines_with_a_third_predicate(string combination, bool isNegated)
    {
        int[] a = [0, 0, 1, 1];
        int[] b = [0, 1, 0, 1];
        var text = $"setp.ne.s32 %q, %b, 0; setp.ne.{combination}.s32 %p|%p1, %a, 0, {(isNegated ? "!" : "")}%q; selp.b32 %d, 1, 0, %p; selp.b32 %t, 2, 0, "
            + $"%p1; or.b32 %d, %d, %t;";
        bool Combine(bool x, bool y) => combination == "and" ? x && y : combination == "or" ? x || y : x != y;
        var expected = a.Zip(b, (x, y) => (Combine(x != 0, y != 0 != isNegated) ? 1 : 0) | (Combine(x == 0, y != 0 != isNegated) ? 2 : 0));
        Assert.That(PtxText.Map<int>(text, a, b), Is.EqualTo(expected));
    }

    [Test]
    public void Predicates_are_combined_and_moved()
    {
        int[] a = [0, 0, 1, 1];
        int[] b = [0, 1, 0, 1];
        const string Set = "setp.ne.s32 %p, %a, 0; setp.ne.s32 %q, %b, 0; ";
        const string Select = " selp.b32 %d, 1, 0, %p;";
        Assert.Multiple(() =>
        {
            Assert.That(PtxText.Map<int>(Set + "and.pred %p, %p, %q;" + Select, a, b), Is.EqualTo((int[])[0, 0, 0, 1]));
            Assert.That(PtxText.Map<int>(Set + "or.pred %p, %p, %q;" + Select, a, b), Is.EqualTo((int[])[0, 1, 1, 1]));
            Assert.That(PtxText.Map<int>(Set + "xor.pred %p, %p, %q;" + Select, a, b), Is.EqualTo((int[])[0, 1, 1, 0]));
            Assert.That(PtxText.Map<int>(Set + "not.pred %p, %q;" + Select, a, b), Is.EqualTo((int[])[1, 0, 1, 0]));
            Assert.That(PtxText.Map<int>(Set + "@%p mov.pred %q, %p; @!%p mov.pred %q, 1; mov.pred %p, %q;" + Select, a, b), Is.EqualTo((int[])[1, 1, 1, 1]));
        });
    }

    private static TestCaseData Case<T>(string name, Func<T, T, bool> reference) => new TestCaseData(name, reference).SetArgDisplayNames(name);
}
