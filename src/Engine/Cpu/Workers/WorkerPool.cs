using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>
/// Runs the chunks of a job on a fixed set of threads, the caller's among them. Workers claim chunks one by one, spin for a moment when
/// there are none (a fork and join then costs about a microsecond) and park after that.
/// </summary>
/// <remarks>
/// One job at a time: a device is used by one thread. The claim is one 64-bit word, the job's generation above and the next chunk below,
/// taken by compare-and-swap: a worker that wakes late can neither take a chunk of a finished job nor read fields of a newer one.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>40 µs: twice what it takes to park and wake a thread, and longer than the pauses between a step's operations.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 40;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SimdWidth _width;

    private void* _job;
    private delegate*<void*, int, int, SimdWidth, void> _invoke;
    private int _chunks;
    private long _claim;
    private int _completed;
    private int _parked;
    private int _running;
    private volatile bool _stopping;
    private ExceptionDispatchInfo? _failure;

    public WorkerPool(int workers, SimdWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (!SimdWidths.Supports(width))
        {
            throw new PlatformNotSupportedException($"SIMD width {(int)width} is not supported by this machine; the widest is {(int)SimdWidths.Widest}.");
        }

        _width = width;
        _threads = new Thread[workers - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"largerec worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that run chunks, the caller's included.</summary>
    public int Count => _threads.Length + 1;

    /// <summary>The width of the register that chunks are run with.</summary>
    public SimdWidth Width => _width;

    /// <summary>Runs all chunks and returns when the last is done; an exception of a chunk comes out here.</summary>
    public void Run<TJob>(int chunks, ref TJob job)
        where TJob : struct, IChunkJob
    {
        if (chunks <= 0)
        {
            return;
        }

        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException("A CPU device runs one operation at a time: it was used by two threads, or by an operation from "
                + "within another.");
        }

        try
        {
            fixed (void* pointer = &Unsafe.As<TJob, byte>(ref job))
            {
                if (chunks == 1 || _threads.Length == 0)
                {
                    for (var chunk = 0; chunk < chunks; chunk++)
                    {
                        Invoke<TJob>(pointer, chunk, 0, _width);
                    }
                }
                else
                {
                    RunOnAll(chunks, pointer, &Invoke<TJob>);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            failure.Throw();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        if (_threads.Length > 0)
        {
            _wake.Release(_threads.Length);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private static void Invoke<TJob>(void* job, int chunk, int worker, SimdWidth width)
        where TJob : struct, IChunkJob
    {
        ref var typed = ref Unsafe.AsRef<TJob>(job);
        switch (width)
        {
            case SimdWidth.Bits512:
                typed.Run<Float512>(chunk, worker);
                break;
            case SimdWidth.Bits256:
                typed.Run<Float256>(chunk, worker);
                break;
            default:
                typed.Run<Float128>(chunk, worker);
                break;
        }
    }

    /// <summary>Publishes a job, takes part in it and returns when its last chunk is done.</summary>
    private void RunOnAll(int chunks, void* job, delegate*<void*, int, int, SimdWidth, void> invoke)
    {
        var generation = (_claim >> 32) + 1;

        // A full fence: on a weakly ordered machine the fields below must not be seen before the former job is closed.
        Interlocked.Exchange(ref _claim, (generation << 32) | int.MaxValue);
        _job = job;
        _invoke = invoke;
        _chunks = chunks;
        Volatile.Write(ref _completed, 0);
        Interlocked.Exchange(ref _claim, generation << 32);
        var parked = Volatile.Read(ref _parked);
        if (parked > 0)
        {
            _wake.Release(Math.Min(parked, chunks - 1));
        }

        ClaimChunks(0);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _completed) < chunks)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Work(int worker)
    {
        while (!_stopping)
        {
            if (ClaimChunks(worker))
            {
                continue;
            }

            var start = Stopwatch.GetTimestamp();
            while (!HasChunks() && Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(8);
            }

            if (!HasChunks() && !_stopping)
            {
                Interlocked.Increment(ref _parked);
                if (!HasChunks() && !_stopping)
                {
                    _wake.Wait();
                }

                Interlocked.Decrement(ref _parked);
            }
        }
    }

    private bool HasChunks()
    {
        var claim = Volatile.Read(ref _claim);
        return (int)claim < Volatile.Read(ref _chunks);
    }

    /// <summary>Claims and runs chunks of the present job until none is left; whether there was any.</summary>
    private bool ClaimChunks(int worker)
    {
        var any = false;
        while (true)
        {
            var claim = Volatile.Read(ref _claim);
            var chunk = (int)claim;
            var job = _job;
            var invoke = _invoke;
            if (chunk >= Volatile.Read(ref _chunks))
            {
                return any;
            }

            if (Interlocked.CompareExchange(ref _claim, claim + 1, claim) != claim)
            {
                continue;
            }

            any = true;
            try
            {
                invoke(job, chunk, worker, _width);
            }
#pragma warning disable CA1031 // whatever a chunk throws must come out at the caller, not end the process from a worker
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Interlocked.Increment(ref _completed);
        }
    }
}
