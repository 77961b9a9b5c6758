using System.Diagnostics;
using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>The most fused multiply-adds that this machine does: independent chains in registers, nothing else.</summary>
internal struct FmaCeiling : IChunkJob
{
    private const int Steps = 200_000;
    private const int Chains = 12;

    private float _sink;

    /// <summary>GFLOP/s on all workers of a pool, the best of a few rounds.</summary>
    public static double Measure(WorkerPool pool)
    {
        var best = 0.0;
        var job = default(FmaCeiling);
        for (var round = 0; round < 12; round++)
        {
            var start = Stopwatch.GetTimestamp();
            pool.Run(pool.Count * 4, ref job);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, 2.0 * Chains * (int)pool.Width / 32 * Steps * pool.Count * 4 / seconds / 1e9);
        }

        return best;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = Chain<TVector>();
        if (sum == 42f)
        {
            _sink = sum;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Chain<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var x = TVector.Broadcast(0.999f);
        var y = TVector.Broadcast(0.001f);
        TVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var step = 0; step < Steps; step++)
        {
            a = TVector.MultiplyAdd(a, x, y);
            b = TVector.MultiplyAdd(b, x, y);
            c = TVector.MultiplyAdd(c, x, y);
            d = TVector.MultiplyAdd(d, x, y);
            e = TVector.MultiplyAdd(e, x, y);
            f = TVector.MultiplyAdd(f, x, y);
            g = TVector.MultiplyAdd(g, x, y);
            h = TVector.MultiplyAdd(h, x, y);
            i = TVector.MultiplyAdd(i, x, y);
            j = TVector.MultiplyAdd(j, x, y);
            k = TVector.MultiplyAdd(k, x, y);
            l = TVector.MultiplyAdd(l, x, y);
        }

        return TVector.Sum(a + b + c + d + e + f + (g + h + i + j + k + l));
    }
}
