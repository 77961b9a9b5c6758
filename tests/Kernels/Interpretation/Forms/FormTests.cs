using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>
/// The same function as C# and as PTX, over all pairs of edge values. The forms that change are the list of what not to write in a kernel: a test
/// of them would fail the day that ILGPU is mended.
/// </summary>
public sealed class FormTests
{
    [Test]
    public void Kept_integer_forms(
        [ValueSource(nameof(KeptIntegers))] Type form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) =>
        Assert.That(Differences(nameof(FormKernels.Integers), form, level, Values.Integers<int>(), Bits), Is.Empty);

    [Test]
    public void Changed_integer_forms(
        [ValueSource(nameof(ChangedIntegers))] Type form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) =>
        Assert.That(Differences(nameof(FormKernels.Integers), form, level, Values.Integers<int>(), Bits), Is.Not.Empty);

    [Test]
    public void Kept_float_forms(
        [ValueSource(nameof(KeptFloats))] Type form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) =>
        Assert.That(Differences(nameof(FormKernels.Floats), form, level, Values.Floats(), Bits), Is.Empty);

    [Test]
    public void Changed_float_forms(
        [ValueSource(nameof(ChangedFloats))] Type form, [Values(OptimizationLevel.O1, OptimizationLevel.O2)] OptimizationLevel level) =>
        Assert.That(Differences(nameof(FormKernels.Floats), form, level, Values.Floats(), Bits), Is.Not.Empty);

    private static Type[] KeptIntegers() => typeof(KeptIntegerForms).GetNestedTypes();

    private static Type[] ChangedIntegers() => typeof(ChangedIntegerForms).GetNestedTypes();

    private static Type[] KeptFloats() => typeof(KeptFloatForms).GetNestedTypes();

    private static Type[] ChangedFloats() => typeof(ChangedFloatForms).GetNestedTypes();

    private static List<string> Differences<T>(string kernel, Type form, OptimizationLevel level, T[] values, Func<T, uint> bits)
        where T : unmanaged
    {
        var (a, b) = Values.Pairs(values);
        var device = new PtxInterpreter();
        var x = device.Allocate<T>(a, "x");
        var y = device.Allocate<T>(b, "y");
        var z = device.AllocateUnwritten<T>(a.Length, "z");
        var text = KernelText.Compile(typeof(FormKernels).GetMethod(kernel)!.MakeGenericMethod(form), level);
        device.Launch(PtxModule.Parse(text).Kernel, 8, 128, x.View<T>(), y.View<T>(), z.View<T>(), a.Length);
        var results = z.Read<T>();
        var apply = form.GetMethod(nameof(IFloatForm.Apply))!.CreateDelegate<Func<T, T, T>>();
        return
        [
            .. Enumerable.Range(0, a.Length)
                .Where(i => bits(results[i]) != bits(apply(a[i], b[i])))
                .Select(i => $"f({a[i]}, {b[i]}) = {results[i]}, in C# {apply(a[i], b[i])}"),
        ];
    }

    private static uint Bits(int x) => (uint)x;

    private static uint Bits(float x) => float.IsNaN(x) ? 0x7fffffff : BitConverter.SingleToUInt32Bits(x);
}
