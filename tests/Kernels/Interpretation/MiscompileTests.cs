using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>
/// What ILGPU 1.5.3 makes of some C# is wrong; its own CPU accelerator does not show it. Each test would fail the day that ILGPU is mended, and beside it
/// stands the form that is right today.
/// </summary>
[TestFixture(OptimizationLevel.O1)]
[TestFixture(OptimizationLevel.O2)]
public sealed class MiscompileTests(OptimizationLevel level)
{
    private readonly PtxInterpreter device = new();

    [Test]
    public void Integer_literals_that_become_floats_keep_their_bits()
    {
        float[] x = [1, -1, 3];
        Assert.Multiple(() =>
        {
            Assert.That(Map<float>(nameof(MiscompiledKernels.IntegerLiterals), x, x), Is.EqualTo((float[])[float.Epsilon, 0, float.Epsilon]));
            Assert.That(Map<float>(nameof(MiscompiledKernels.FloatLiterals), x, x), Is.EqualTo((float[])[1, 0, 1]));
        });
    }

    [Test]
    public void A_division_by_a_power_of_two_is_an_arithmetic_shift()
    {
        int[] x = [-1, -5, -8, 5, int.MinValue];
        Assert.Multiple(() =>
        {
            Assert.That(Map<int>(nameof(MiscompiledKernels.Quarter), x), Is.EqualTo(x.Select(v => v >> 2)).And.Not.EqualTo(x.Select(v => v / 4)));
            Assert.That(Map<int>(nameof(MiscompiledKernels.Third), x), Is.EqualTo(x.Select(v => v / 3)));
        });
    }

    [Test]
    public void A_division_of_a_large_uint_keeps_its_highest_bit()
    {
        uint[] x = [3, 4, 0x80000000, uint.MaxValue];
        Assert.Multiple(() =>
        {
            Assert.That(Map<uint>(nameof(MiscompiledKernels.UnsignedQuarter), x), Is.EqualTo(x.Select(v => (uint)((int)v >> 2)))
                .And.Not.EqualTo(x.Select(v => v / 4)));
            Assert.That(Map<uint>(nameof(MiscompiledKernels.UnsignedShift), x), Is.EqualTo(x.Select(v => v >> 2)));
        });
    }

    [Test]
    public void CopySign_swaps_its_operands()
    {
        float[] x = [2, 3, -4];
        float[] y = [-1, 5, 6];
        Assert.Multiple(() =>
        {
            Assert.That(Map<float>(nameof(MiscompiledKernels.CopySign), x, y), Is.EqualTo((float[])[1, 5, -6]).And.Not.EqualTo(x.Zip(y, MathF.CopySign)));
            Assert.That(Map<float>(nameof(MiscompiledKernels.CopySignByBits), x, y), Is.EqualTo(x.Zip(y, MathF.CopySign)));
        });
    }

    [Test]
    public void FusedMultiplyAdd_calls_a_function_that_is_not_there()
    {
        var error = Assert.Throws<PtxException>(() => Load(nameof(MiscompiledKernels.Fused)));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.Undefined));
        Assert.That(error.Message, Does.Contain("'FusedMultiplyAdd' is called and is declared without a body"));
    }

    [Test]
    public void A_branch_on_an_atomics_result_is_marked_uniform_at_O2()
    {
        var x = device.Allocate<int>([0], "x");
        var z = device.Allocate<int>(new int[64], "z");
        var kernel = Load(nameof(MiscompiledKernels.AtomicBranch));
        if (level == OptimizationLevel.O1)
        {
            device.Launch(kernel, 1, 32, x.View<int>(), z.View<int>());
            Assert.That(z.Read<int>()[..8], Is.EqualTo((int[])[0, 3, 6, 9, 12, 15, 7, 7]));
            return;
        }

        var error = Assert.Throws<PtxException>(() => device.Launch(kernel, 1, 32, x.View<int>(), z.View<int>()));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.DivergentUniform));
    }

    [Test]
    public void An_atomic_maximum_of_floats_never_ends_where_both_are_NaN()
    {
        var options = new LaunchOptions { InstructionLimit = 10_000 };
        var kernel = Load(nameof(MiscompiledKernels.AtomicMaximum));
        var z = device.Allocate<float>([float.NaN], "z");
        var x = device.Allocate<float>([float.NaN], "x");
        var error = Assert.Throws<PtxException>(() => device.Launch(kernel, 1, 1, options, x.View<float>(), x.View<float>(), z.View<float>()));
        Assert.That(error.Kind, Is.EqualTo(PtxErrorKind.TooManyInstructions));
    }

    [Test]
    public void Two_constants_that_are_subtracted_one_after_the_other_are_added_first()
    {
        float[] x = [0.75f, 2.75f, -7.1f, 1000.3f];
        Assert.Multiple(() =>
        {
            Assert.That(
                Map<float>(nameof(MiscompiledKernels.Reassociated), x, x),
                Is.EqualTo(x.Select(v => v - (0.5f + 12582912f))).And.Not.EqualTo(x.Select(v => (v - 0.5f) - 12582912f)));
            Assert.That(Map<float>(nameof(MiscompiledKernels.Rounded), x, x), Is.EqualTo(x.Select(v => MathF.Round(v))), "a sum and a difference stay apart");
        });
    }

    [Test]
    public void Two_constant_factors_are_multiplied_first()
    {
        float[] x = [1e-20f, 1e20f];
        Assert.That(
            Map<float>(nameof(MiscompiledKernels.ProductOfConstants), x, x),
            Is.EqualTo(x.Select(v => v * (1e-30f * 1e30f))).And.Not.EqualTo(x.Select(v => (v * 1e-30f) * 1e30f)));
    }

    [Test]
    public void A_negative_index_lands_16_GiB_further_on()
    {
        var x = device.Allocate<int>([1, 2], "x");
        var z = device.AllocateUnwritten<int>(2, "z");
        var error = Assert.Throws<PtxException>(() => device.Launch(Load(nameof(MiscompiledKernels.NegativeIndex)), 1, 2, x.View<int>(), z.View<int>()));
        Assert.That(error.Message, Does.Contain($"at byte {(1L << 34) - 4} of 'x'"));
    }

    [Test]
    public void A_bool_in_a_view_takes_four_bytes()
    {
        var x = device.Allocate<byte>([1, 9, 9, 9, 0, 9, 9, 9], "x");
        var z = device.AllocateUnwritten<byte>(8, "z");
        device.Launch(Load(nameof(MiscompiledKernels.Booleans)), 1, 2, x.View<byte>(), z.View<byte>());
        Assert.That((z.Read<byte>()[0], z.Read<byte>()[4], z.UnwrittenBytes), Is.EqualTo(((byte)1, (byte)0, 6L)));
    }

    private PtxKernel Load(string kernel) => KernelText.Load(typeof(MiscompiledKernels), kernel, level);

    private T[] Map<T>(string kernel, params T[][] inputs)
        where T : unmanaged
    {
        var output = device.AllocateUnwritten<T>(inputs[0].Length, "z");
        var arguments = inputs.Select((v, i) => device.Allocate<T>(v, "xy"[i].ToString()).View<T>()).Append(output.View<T>()).ToArray();
        device.Launch(Load(kernel), 1, inputs[0].Length, arguments);
        return output.Read<T>();
    }
}
