using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Which ways to write a maximum, a minimum or a comparison keep what C# says where an operand is NaN, once ILGPU 1.5.3 has compiled them.</summary>
public sealed class SelectionTests
{
    private static readonly float[] Operands = [1, 2, -3, 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    /// <summary>Forms that compute what C# does, with what that is.</summary>
    private static readonly Dictionary<string, Func<float, float, float>> Kept = new()
    {
        [nameof(SelectionKernels.GreaterInPlace)] = Greater,
        [nameof(SelectionKernels.GreaterOfLocals)] = Greater,
        [nameof(SelectionKernels.LessOfLocals)] = Less,
        [nameof(SelectionKernels.NotLessOrEqual)] = (a, b) => !(a <= b) ? a : b,
        [nameof(SelectionKernels.GreaterInFunction)] = Greater,
        [nameof(SelectionKernels.GreaterOfStructs)] = Greater,
        [nameof(SelectionKernels.LessOfStructs)] = Less,
        [nameof(SelectionKernels.GreaterThenNew)] = Greater,
        [nameof(SelectionKernels.IfGreater)] = Greater,
        [nameof(SelectionKernels.IsNaN)] = (a, b) => float.IsNaN(a) ? 1 : b,
        [nameof(SelectionKernels.NotEqualToItself)] = (a, b) => float.IsNaN(a) ? 1 : b,
        [nameof(SelectionKernels.EqualElse)] = (a, b) => a == b ? 1 : 2,
        [nameof(SelectionKernels.LessElse)] = (a, b) => a < b ? 1 : 2,
        [nameof(SelectionKernels.NotEqual)] = (a, b) => a != b ? 1 : 2,
        [nameof(SelectionKernels.NotEqualLiteral)] = (a, _) => a != 1 ? 1 : 2,
        [nameof(SelectionKernels.LiteralEqual)] = (a, _) => 1 == a ? 1 : 2,
        [nameof(SelectionKernels.GreaterThanLiteral)] = (a, _) => a > -87.3f ? a : -87.3f,
        [nameof(SelectionKernels.NotLessThanLiteral)] = (a, _) => a < -87.3f ? -87.3f : a,
        [nameof(SelectionKernels.IfGreaterThanLiteral)] = (a, b) => a > 1.5f ? a : b,
    };

    /// <summary>Forms that differ from C#, but only where an operand is NaN, with what they compute.</summary>
    private static readonly Dictionary<string, (Func<float, float, float> CSharp, Func<float, float, float> Compiled)> Changed = new()
    {
        // max.f32 and min.f32 give the other operand for NaN, C# gives NaN.
        [nameof(SelectionKernels.MathMax)] = (MathF.Max, float.MaxNumber),
        [nameof(SelectionKernels.MathMin)] = (MathF.Min, float.MinNumber),

        // A literal on the left of a comparison is moved to the right, and "false for NaN" becomes "true for NaN" on the way (setp.ltu, setp.gtu).
        [nameof(SelectionKernels.LiteralGreater)] = ((a, _) => Greater(-87.3f, a), (a, _) => float.IsNaN(a) ? -87.3f : Greater(-87.3f, a)),
        [nameof(SelectionKernels.LiteralLess)] = ((a, _) => Less(1.5f, a), (a, _) => float.IsNaN(a) ? 1.5f : Less(1.5f, a)),
        [nameof(SelectionKernels.LiteralGreaterOfStructs)] = ((a, _) => Greater(-87.3f, a), (a, _) => float.IsNaN(a) ? -87.3f : Greater(-87.3f, a)),
        [nameof(SelectionKernels.IfLiteralLess)] = ((a, b) => 1.5f < a ? a : b, (a, b) => float.IsNaN(a) || 1.5f < a ? a : b),
        [nameof(SelectionKernels.IfNotLiteralLess)] = ((a, b) => !(1.5f < a) ? a : b, (a, b) => a <= 1.5f ? a : b),
    };

    [Test]
    public void Forms_that_keep_the_meaning_of_Csharp(
        [ValueSource(nameof(KeptNames))] string form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) =>
        Assert.That(Run(form, level), Is.EqualTo(Expected(Kept[form])));

    [Test]
    public void Forms_that_change_it_for_NaN_only(
        [ValueSource(nameof(ChangedNames))] string form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level)
    {
        var (inCSharp, compiled) = Changed[form];
        Assert.Multiple(() =>
        {
            Assert.That(Run(form, level), Is.EqualTo(Expected(compiled)));
            Assert.That(Expected(compiled), Is.Not.EqualTo(Expected(inCSharp)));
        });
    }

    private static IEnumerable<string> KeptNames() => Kept.Keys;

    private static IEnumerable<string> ChangedNames() => Changed.Keys;

    private static uint[] Expected(Func<float, float, float> meaning)
    {
        var (a, b) = Values.Pairs(Operands);
        return [.. a.Zip(b, meaning).Select(Bits)];
    }

    private static uint[] Run(string form, OptimizationLevel level)
    {
        var (a, b) = Values.Pairs(Operands);
        var device = new PtxInterpreter();
        var x = device.Allocate<float>(a, "x");
        var y = device.Allocate<float>(b, "y");
        var z = device.AllocateUnwritten<float>(a.Length, "z");
        var kernel = KernelText.Load(typeof(SelectionKernels), form, level);
        device.Launch(kernel, 1, a.Length, x.View<float>(), y.View<float>(), z.View<float>());
        return [.. z.Read<float>().Select(Bits)];
    }

    private static uint Bits(float x) => float.IsNaN(x) ? 0x7fffffff : BitConverter.SingleToUInt32Bits(x);

    private static float Greater(float a, float b) => a > b ? a : b;

    private static float Less(float a, float b) => a < b ? a : b;
}
