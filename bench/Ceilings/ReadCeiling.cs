using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Bench.Ceilings;

/// <summary>How fast this machine reads: from memory, or from a worker's own cache where each worker's part is small.</summary>
internal unsafe struct ReadCeiling : IChunkJob
{
    private float* _values;
    private long _perChunk;
    private int _repeats;
    private float _sink;

    /// <summary>GB/s on all workers of a pool, the best of a few rounds.</summary>
    /// <param name="bytesPerWorker">What each worker reads: far beyond the last cache for memory, half a second-level cache for cache.</param>
    public static double Measure(WorkerPool pool, long bytesPerWorker)
    {
        var perChunk = bytesPerWorker / sizeof(float) / 64 * 64;
        var total = perChunk * pool.Count;
        var values = (float*)NativeMemory.AlignedAlloc((nuint)(total * sizeof(float)), 64);
        for (long i = 0; i < total; i++)
        {
            values[i] = 1;
        }

        var repeats = (int)Math.Max(1, (256L << 20) / bytesPerWorker);
        var job = new ReadCeiling { _values = values, _perChunk = perChunk, _repeats = repeats };
        var best = 0.0;
        for (var round = 0; round < 8; round++)
        {
            var start = Stopwatch.GetTimestamp();
            pool.Run(pool.Count, ref job);
            best = Math.Max(best, (double)total * sizeof(float) * repeats / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        NativeMemory.AlignedFree(values);
        return best;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = 0f;
        for (var repeat = 0; repeat < _repeats; repeat++)
        {
            sum += Sum<TVector>(_values + (chunk * _perChunk), _perChunk);
        }

        if (sum < 0)
        {
            _sink = sum;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Sum<TVector>(float* values, long count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector a = TVector.Zero, b = TVector.Zero, c = TVector.Zero, d = TVector.Zero;
        var stride = 4 * TVector.Width;
        for (long i = 0; i + stride <= count; i += stride)
        {
            a += TVector.Load(values + i);
            b += TVector.Load(values + i + TVector.Width);
            c += TVector.Load(values + i + (2 * TVector.Width));
            d += TVector.Load(values + i + (3 * TVector.Width));
        }

        return TVector.Sum(a + b + (c + d));
    }
}
