using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Tests.Workers;

public sealed class WorkerPoolTests
{
    private static readonly int[] Counts = [0, 1, 2, 3, 7, 8, 64, 1000, 4097];

    [Test]
    public void Every_chunk_runs_exactly_once([Values(1, 2, 3, 8)] int workers, [ValueSource(nameof(Counts))] int chunks)
    {
        using var pool = new WorkerPool(workers, SimdWidth.Bits128);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var job = new CountingJob(new int[chunks], new int[workers]);
            pool.Run(chunks, ref job);
            Assert.That(job.Runs, Has.All.EqualTo(1));
            Assert.That(job.ByWorker.Sum(), Is.EqualTo(chunks), "every worker's number is below their count");
        }
    }

    [Test]
    public void Chunks_run_with_the_width_of_the_pool()
    {
        foreach (var width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports))
        {
            using var pool = new WorkerPool(2, width);
            var job = new WidthJob(new int[16]);
            pool.Run(16, ref job);
            Assert.That(job.Widths, Has.All.EqualTo((int)width / 32));
        }
    }

    [Test]
    public void An_exception_of_a_chunk_comes_out_and_the_pool_survives([Values(1, 2, 8)] int workers)
    {
        using var pool = new WorkerPool(workers, SimdWidth.Bits128);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var failing = new FailingJob(repeat % 40);
            Assert.That(() => pool.Run(40, ref failing), Throws.TypeOf<ArithmeticException>().With.Message.EqualTo($"chunk {repeat % 40}"));
            var job = new CountingJob(new int[100], new int[workers]);
            pool.Run(100, ref job);
            Assert.That(job.Runs, Has.All.EqualTo(1));
        }
    }

    [Test]
    public void When_many_chunks_fail_one_exception_comes_out()
    {
        using var pool = new WorkerPool(4, SimdWidth.Bits128);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var failing = new FailingJob(-1);
            Assert.That(() => pool.Run(40, ref failing), Throws.TypeOf<ArithmeticException>());
        }
    }

    [Test]
    public void A_job_within_a_job_throws_and_the_pool_survives()
    {
        using var pool = new WorkerPool(2, SimdWidth.Bits128);
        var nested = new NestingJob(pool);
        Assert.That(() => pool.Run(2, ref nested), Throws.InvalidOperationException.With.Message.Contains("one operation at a time"));
        var job = new CountingJob(new int[100], new int[2]);
        pool.Run(100, ref job);
        Assert.That(job.Runs, Has.All.EqualTo(1));
    }

    [Test]
    public void Use_by_two_threads_at_once_throws()
    {
        using var pool = new WorkerPool(2, SimdWidth.Bits128);
        using var started = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        var waiting = new WaitingJob(started, finish);
        var other = new Thread(() => pool.Run(2, ref waiting));
        other.Start();
        started.Wait();
        var job = new CountingJob(new int[10], new int[2]);
        try
        {
            Assert.That(() => pool.Run(10, ref job), Throws.InvalidOperationException.With.Message.Contains("two threads"));
        }
        finally
        {
            finish.Set();
            other.Join();
        }

        pool.Run(10, ref job);
        Assert.That(job.Runs, Has.All.EqualTo(1));
    }

    [Test]
    public void Thousands_of_tiny_jobs_lose_nothing([Values(2, 3, 8)] int workers)
    {
        using var pool = new WorkerPool(workers, SimdWidth.Bits128);
        var total = new long[1];
        for (var i = 0; i < 20_000; i++)
        {
            var job = new AddingJob(total);
            pool.Run(2 + (i % 3), ref job);
        }

        Assert.That(total[0], Is.EqualTo(Enumerable.Range(0, 20_000).Sum(i => 2L + (i % 3))));
    }

    [Test]
    public void Parked_workers_wake()
    {
        // Longer than workers spin: all of them sleep when the next job comes. Each chunk waits for the other, so that one thread alone would never end.
        using var pool = new WorkerPool(2, SimdWidth.Bits128);
        for (var i = 0; i < 20; i++)
        {
            Thread.Sleep(5);
            using var meeting = new Barrier(2);
            var job = new MeetingJob(meeting, new bool[2]);
            pool.Run(2, ref job);
            Assert.That(job.Met, Has.All.True);
        }
    }

    [Test]
    public void A_pool_is_disposed_while_its_workers_sleep_or_spin([Values(0, 5)] int milliseconds)
    {
        for (var i = 0; i < 10; i++)
        {
            var pool = new WorkerPool(3, SimdWidth.Bits128);
            var job = new AddingJob(new long[1]);
            pool.Run(5, ref job);
            Thread.Sleep(milliseconds);
            var disposal = new Thread(pool.Dispose) { IsBackground = true };
            disposal.Start();
            Assert.That(disposal.Join(TimeSpan.FromSeconds(30)), "its threads did not end");
        }
    }

    [Test]
    public void Running_allocates_nothing()
    {
        using var pool = new WorkerPool(2, SimdWidth.Bits128);
        var job = new AddingJob(new long[1]);
        pool.Run(10, ref job);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            pool.Run(10, ref job);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void No_workers_are_an_error() =>
        Assert.That(() => new WorkerPool(0, SimdWidth.Bits128), Throws.TypeOf<ArgumentOutOfRangeException>());

    private readonly struct CountingJob(int[] runs, int[] byWorker) : IChunkJob
    {
        public int[] Runs { get; } = runs;

        public int[] ByWorker { get; } = byWorker;

        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            Interlocked.Increment(ref Runs[chunk]);
            Interlocked.Increment(ref ByWorker[worker]);
        }
    }

    private readonly struct WidthJob(int[] widths) : IChunkJob
    {
        public int[] Widths { get; } = widths;

        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => Widths[chunk] = TVector.Width;
    }

    /// <summary>Fails at one chunk, or at every one for −1.</summary>
    private readonly struct FailingJob(int failing) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            if (failing < 0 || chunk == failing)
            {
                throw new ArithmeticException($"chunk {chunk}");
            }
        }
    }

    private readonly struct NestingJob(WorkerPool pool) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var inner = new AddingJob(new long[1]);
            pool.Run(2, ref inner);
        }
    }

    private readonly struct WaitingJob(ManualResetEventSlim started, ManualResetEventSlim finish) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            started.Set();
            finish.Wait();
        }
    }

    private readonly struct AddingJob(long[] total) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => Interlocked.Increment(ref total[0]);
    }

    private readonly struct MeetingJob(Barrier meeting, bool[] met) : IChunkJob
    {
        public bool[] Met { get; } = met;

        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => Met[chunk] = meeting.SignalAndWait(TimeSpan.FromSeconds(20));
    }
}
