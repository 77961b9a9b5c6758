using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Tests.Cpu.Simd;

/// <summary>Every operation of every width against one lane, bit for bit.</summary>
public sealed class FloatVectorTests
{
    private const int MostLanes = 16;

    private static readonly float[] Specials =
    [
        0f, -0f, 1f, -1f, 0.5f, 1.5f, 2.5f, -2.5f, 3e38f, -3e38f, 1e-30f, 1e-45f, 12345.678f, -0.333f,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static IEnumerable<SimdWidth> Widths => CpuConfigurations.Widths;

    [TestCaseSource(nameof(Widths))]
    public void Lanes_compute_what_one_lane_does(SimdWidth width) => Run(width, new Arithmetic());

    [TestCaseSource(nameof(Widths))]
    public void Powers_of_two_scale_and_split(SimdWidth width) => Run(width, new Exponents());

    [TestCaseSource(nameof(Widths))]
    public void Masked_loads_and_stores_touch_their_lanes_only(SimdWidth width) => Run(width, new Masks());

    [TestCaseSource(nameof(Widths))]
    public void Sums_are_taken_by_halving_and_the_largest_lane_is_found(SimdWidth width) => Run(width, new Reductions());

    [TestCaseSource(nameof(Widths))]
    public void Integers_are_converted_and_compared_unsigned(SimdWidth width) => Run(width, new Integers());

    private static void Run(SimdWidth width, IVectorTest test)
    {
        switch (width)
        {
            case SimdWidth.Bits512:
                test.Run<Float512>();
                break;
            case SimdWidth.Bits256:
                test.Run<Float256>();
                break;
            default:
                test.Run<Float128>();
                break;
        }
    }

    private interface IVectorTest
    {
        void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>;
    }

    private sealed unsafe class Arithmetic : IVectorTest
    {
        public void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>
        {
            foreach (var a in Specials)
            {
                foreach (var b in Specials)
                {
                    // Each lane has numbers of its own, so that a lane in a wrong place shows.
                    var (x, y, z) = (Lanes(a, 0), Lanes(b, 1), Lanes(a * 0.75f, 2));
                    Same<TVector>(x, y, z, (p, q, _) => p + q, (p, q, _) => p + q);
                    Same<TVector>(x, y, z, (p, q, _) => p - q, (p, q, _) => p - q);
                    Same<TVector>(x, y, z, (p, _, _) => -p, (p, _, _) => -p);
                    Same<TVector>(x, y, z, (p, q, _) => p * q, (p, q, _) => p * q);
                    Same<TVector>(x, y, z, (p, q, _) => p / q, (p, q, _) => p / q);
                    Same<TVector>(x, y, z, (p, q, r) => TVector.MultiplyAdd(p, q, r), (p, q, r) => Float1.MultiplyAdd(p, q, r));
                    Same<TVector>(x, y, z, (p, q, _) => TVector.Min(p, q), (p, q, _) => Float1.Min(p, q));
                    Same<TVector>(x, y, z, (p, q, _) => TVector.Max(p, q), (p, q, _) => Float1.Max(p, q));
                    Same<TVector>(x, y, z, (p, _, _) => TVector.Abs(p), (p, _, _) => Float1.Abs(p));
                    Same<TVector>(x, y, z, (p, _, _) => TVector.Sqrt(p), (p, _, _) => Float1.Sqrt(p));
                    Same<TVector>(x, y, z, (p, _, _) => TVector.Round(p), (p, _, _) => Float1.Round(p));
                    Same<TVector>(x, y, z, (p, q, r) => TVector.SelectLess(p, q, r, p), (p, q, r) => Float1.SelectLess(p, q, r, p));
                    Same<TVector>(x, y, z, (_, _, _) => TVector.Broadcast(7.5f), (_, _, _) => Float1.Broadcast(7.5f));
                    Same<TVector>(x, y, z, (_, _, _) => TVector.Zero, (_, _, _) => Float1.Broadcast(0));
                }
            }
        }

        private static void Same<TVector>(
            float[] x, float[] y, float[] z, Func<TVector, TVector, TVector, TVector> vector, Func<Float1, Float1, Float1, Float1> scalar)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var actual = new float[MostLanes];
            fixed (float* px = x, py = y, pz = z, result = actual)
            {
                TVector.Store(vector(TVector.Load(px), TVector.Load(py), TVector.Load(pz)), result);
            }

            for (var lane = 0; lane < MostLanes; lane++)
            {
                var expected = lane < TVector.Width ? scalar(new(x[lane]), new(y[lane]), new(z[lane])).Value : 0;

                // A NaN is a NaN: which of its many bits come out depends on the operands' order.
                Assert.That(
                    BitConverter.SingleToInt32Bits(actual[lane]) == BitConverter.SingleToInt32Bits(expected)
                        || (float.IsNaN(actual[lane]) && float.IsNaN(expected)),
                    $"lane {lane} of {TVector.Width} for {x[lane]}, {y[lane]}, {z[lane]}: {actual[lane]:R}, expected {expected:R}");
            }
        }
    }

    private sealed unsafe class Exponents : IVectorTest
    {
        public void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>
        {
            for (var n = -127; n <= 127; n++)
            {
                var (x, powers, actual, exponents) = (Lanes(1.375f, 0), new float[MostLanes], new float[MostLanes], new float[MostLanes]);
                Array.Fill(powers, n);
                fixed (float* px = x, pn = powers, result = actual, e = exponents)
                {
                    TVector.Store(TVector.ScaleByPowerOfTwo(TVector.Load(px), TVector.Load(pn)), result);
                    for (var lane = 0; lane < TVector.Width; lane++)
                    {
                        Assert.That(actual[lane], Is.EqualTo(n == -127 ? 0 : MathF.ScaleB(x[lane], n)), $"2^{n}");
                        Assert.That(actual[lane], Is.EqualTo(Float1.ScaleByPowerOfTwo(new(x[lane]), new(n)).Value));
                    }

                    if (n < -125)
                    {
                        continue;
                    }

                    TVector.Store(TVector.SplitExponent(TVector.Load(result), out var exponent), px);
                    TVector.Store(exponent, e);
                    for (var lane = 0; lane < TVector.Width; lane++)
                    {
                        var mantissa = Float1.SplitExponent(new(MathF.Abs(actual[lane])), out var expected);
                        Assert.That((x[lane], exponents[lane]), Is.EqualTo((mantissa.Value, expected.Value)));
                        Assert.That(MathF.ScaleB(x[lane], (int)exponents[lane]), Is.EqualTo(actual[lane]));
                        Assert.That(x[lane], Is.InRange(1, 2));
                    }
                }
            }
        }
    }

    private sealed unsafe class Masks : IVectorTest
    {
        public void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>
        {
            for (var count = 0; count <= TVector.Width; count++)
            {
                var (source, stored, loaded, kept) = (Lanes(2, 0), Lanes(-5, 0), Lanes(9, 0), Lanes(9, 0));
                var before = (float[])stored.Clone();
                var mask = TVector.Mask(count);
                fixed (float* p = source, s = stored, l = loaded, k = kept)
                {
                    TVector.Store(TVector.LoadMasked(p, mask), l);
                    TVector.Store(TVector.And(TVector.Load(p), mask), k);
                    TVector.StoreMasked(TVector.Load(p), s, mask);
                }

                for (var lane = 0; lane < MostLanes; lane++)
                {
                    Assert.That(stored[lane], Is.EqualTo(lane < count ? source[lane] : before[lane]), $"stored lane {lane} of {count}");
                    if (lane < TVector.Width)
                    {
                        Assert.That(loaded[lane], Is.EqualTo(lane < count ? source[lane] : 0), $"loaded lane {lane} of {count}");
                        Assert.That(kept[lane], Is.EqualTo(lane < count ? source[lane] : 0), $"kept lane {lane} of {count}");
                    }
                }
            }
        }
    }

    private sealed unsafe class Reductions : IVectorTest
    {
        public void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>
        {
            foreach (var scale in new[] { 1f, -3f, 1e-20f, 1e7f })
            {
                var x = Lanes(scale, 0);
                x[TVector.Width / 3] *= 1.7f;
                var sums = x[..TVector.Width];
                for (var half = TVector.Width / 2; half >= 1; half /= 2)
                {
                    sums = [.. Enumerable.Range(0, half).Select(i => sums[i] + sums[i + half])];
                }

                fixed (float* p = x)
                {
                    Assert.That(TVector.Sum(TVector.Load(p)), Is.EqualTo(sums[0]));
                    for (var largest = 0; largest < TVector.Width; largest++)
                    {
                        var lanes = Lanes(scale, 0);
                        lanes[largest] = 2e7f;
                        fixed (float* q = lanes)
                        {
                            Assert.That(TVector.MaxLane(TVector.Load(q)), Is.EqualTo(2e7f));
                        }
                    }

                    Assert.That(TVector.MaxLane(TVector.Load(p)), Is.EqualTo(x[..TVector.Width].Max()));
                }
            }
        }
    }

    private sealed unsafe class Integers : IVectorTest
    {
        public void Run<TVector>()
            where TVector : unmanaged, IFloatVector<TVector>
        {
            int[] values = [0, 1, -1, int.MaxValue, int.MinValue, 16777217, 16777219, -7, 5, 6, 7, 8, 9, 10, 11, 12];
            var converted = new float[MostLanes];
            fixed (int* p = values)
            fixed (float* c = converted)
            {
                TVector.Store(TVector.LoadIntegers(p), c);
                Assert.That(converted[..TVector.Width], Is.EqualTo(values[..TVector.Width].Select(v => (float)v)));
                foreach (var threshold in new uint[] { 0, 1, 5, 0x7fffffff, 0x80000000, 0xffffffff })
                {
                    TVector.Store(TVector.And(TVector.Broadcast(1), TVector.MaskAtLeast((uint*)p, threshold)), c);
                    Assert.That(converted[..TVector.Width], Is.EqualTo(values[..TVector.Width].Select(v => (uint)v >= threshold ? 1f : 0f)),
                        $"at least {threshold}");
                }
            }
        }
    }

    /// <summary>A lane's number is the value times a factor of its own.</summary>
    private static float[] Lanes(float value, int salt) =>
        [.. Enumerable.Range(0, MostLanes).Select(i => value * (1 + (0.0625f * ((i + salt) % MostLanes) / 2)))];
}
