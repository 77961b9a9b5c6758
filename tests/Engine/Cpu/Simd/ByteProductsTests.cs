using CsCheck;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Tests.Cpu.Simd;

public sealed unsafe class ByteProductsTests
{
    [Test]
    public void Sums_are_exact_at_every_width_and_without_any()
    {
        var pools = CpuConfigurations.Widths.Select(width => new WorkerPool(1, width)).ToArray();
        var bytes = Gen.OneOf(Gen.Byte, Gen.Const((byte)255));
        var digit = Gen.OneOf(Gen.SByte[-64, 64], Gen.OneOf(Gen.Const((sbyte)-64), Gen.Const((sbyte)64)));
        var problems =
            from groups in Gen.Int[1, 40]
            from panel in bytes.Array[groups * 64]
            from high in digit.Array[groups * 4]
            from low in digit.Array[groups * 4]
            select (groups, panel, high, low);
        try
        {
            problems.Sample(problem =>
            {
                var (groups, panel, high, low) = problem;
                var (highs, lows) = (Naive(panel, high, 11), Naive(panel, low, -7));
                foreach (var pool in pools)
                {
                    Check(panel, high, low, (p, h, l, outHigh, outLow) =>
                    {
                        var job = new Job { Panel = (byte*)p, High = (int*)h, Low = (int*)l, Groups = groups, Highs = (int*)outHigh, Lows = (int*)outLow };
                        pool.Run(1, ref job);
                    });
                }

                Check(panel, high, low, (p, h, l, outHigh, outLow) =>
                    ByteProducts.RunPortable((byte*)p, (int*)h, (int*)l, groups, 11, -7, (int*)outHigh, (int*)outLow));

                void Check(byte[] panel, sbyte[] high, sbyte[] low, Action<nint, nint, nint, nint, nint> run)
                {
                    var (outHigh, outLow) = (new int[16], new int[16]);
                    fixed (byte* p = panel)
                    fixed (sbyte* h = high, l = low)
                    fixed (int* oh = outHigh, ol = outLow)
                    {
                        run((nint)p, (nint)h, (nint)l, (nint)oh, (nint)ol);
                    }

                    Assert.That(outHigh, Is.EqualTo(highs));
                    Assert.That(outLow, Is.EqualTo(lows));
                }
            }, threads: 1);
        }
        finally
        {
            Array.ForEach(pools, pool => pool.Dispose());
        }
    }

    private static int[] Naive(byte[] panel, sbyte[] digits, int start)
    {
        var sums = Enumerable.Repeat(start, 16).ToArray();
        for (var i = 0; i < panel.Length; i++)
        {
            sums[i % 64 / 4] += panel[i] * digits[(i / 64 * 4) + (i % 4)];
        }

        return sums;
    }

    private struct Job : IChunkJob
    {
        public byte* Panel;
        public int* High;
        public int* Low;
        public int Groups;
        public int* Highs;
        public int* Lows;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => ByteProducts.Run<TVector>(Panel, High, Low, Groups, 11, -7, Highs, Lows);
    }
}
