using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace LargeRec.Data.Batching;

/// <summary>
/// Fills a sampler's batches on one background thread, at most two ahead of the consumer, in buffers that go round. The batches are the same
/// as without it. A fault of the background thread is thrown where its batch would have been taken.
/// </summary>
public sealed class Prefetcher : IDisposable
{
    private const int Ahead = 2;

    private readonly BatchSampler sampler;
    private readonly BlockingCollection<JaggedBatch> free = [];
    private readonly BlockingCollection<Prefetched> ready = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private JaggedBatch? taken;
    private ExceptionDispatchInfo? fault;
    private bool disposed;

    /// <param name="sampler">Makes the batches.</param>
    /// <param name="first">Number of the first batch, counted over all epochs.</param>
    /// <param name="end">Number after the last batch.</param>
    public Prefetcher(BatchSampler sampler, long first, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, first);
        this.sampler = sampler;
        for (var i = 0; i < Ahead + 1; i++)
        {
            free.Add(new JaggedBatch());
        }

        thread = new Thread(() => FillAll(first, end)) { IsBackground = true, Name = "LargeRec batches" };
        thread.Start();
    }

    private readonly record struct Prefetched(JaggedBatch? Batch, ExceptionDispatchInfo? Fault);

    /// <summary>The next batch, which is the caller's until the next call; false after the last one.</summary>
    public bool TryTake([NotNullWhen(true)] out JaggedBatch? batch, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        fault?.Throw();
        if (taken is not null)
        {
            free.Add(taken, CancellationToken.None);
            taken = null;
        }

        batch = null;
        if (!ready.TryTake(out var next, Timeout.Infinite, cancellation))
        {
            return false;
        }

        fault = next.Fault;
        fault?.Throw();
        batch = taken = next.Batch!;
        return true;
    }

    /// <summary>Stops the background thread and waits for it; batches taken stay readable.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        stop.Cancel();
        thread.Join();
        free.Dispose();
        ready.Dispose();
        stop.Dispose();
    }

    private void FillAll(long first, long end)
    {
        try
        {
            for (var number = first; number < end; number++)
            {
                var batch = free.Take(stop.Token);
                sampler.Fill(batch, number);
                ready.Add(new Prefetched(batch, null), stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer is gone; nobody waits for a batch.
        }
        catch (Exception unexpected)
        {
            // Whatever it is, it must not end the process from here: the consumer meets it.
            ready.Add(new Prefetched(null, ExceptionDispatchInfo.Capture(unexpected)), CancellationToken.None);
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
