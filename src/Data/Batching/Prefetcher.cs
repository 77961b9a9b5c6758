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

    private readonly BatchSampler _sampler;
    private readonly BlockingCollection<JaggedBatch> _free = [];
    private readonly BlockingCollection<Prefetched> _ready = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private JaggedBatch? _taken;
    private ExceptionDispatchInfo? _fault;
    private bool _disposed;

    /// <param name="sampler">Makes the batches.</param>
    /// <param name="first">Number of the first batch, counted over all epochs.</param>
    /// <param name="end">Number after the last batch.</param>
    public Prefetcher(BatchSampler sampler, long first, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, first);
        _sampler = sampler;
        for (var i = 0; i < Ahead + 1; i++)
        {
            _free.Add(new JaggedBatch());
        }

        _thread = new Thread(() => FillAll(first, end)) { IsBackground = true, Name = "LargeRec batches" };
        _thread.Start();
    }

    private readonly record struct Prefetched(JaggedBatch? Batch, ExceptionDispatchInfo? Fault);

    /// <summary>The next batch, which is the caller's until the next call; false after the last one.</summary>
    public bool TryTake([NotNullWhen(true)] out JaggedBatch? batch, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _fault?.Throw();
        if (_taken is not null)
        {
            _free.Add(_taken, CancellationToken.None);
            _taken = null;
        }

        batch = null;
        if (!_ready.TryTake(out var next, Timeout.Infinite, cancellation))
        {
            return false;
        }

        _fault = next.Fault;
        _fault?.Throw();
        batch = _taken = next.Batch!;
        return true;
    }

    /// <summary>Stops the background thread and waits for it; batches taken stay readable.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stop.Cancel();
        _thread.Join();
        _free.Dispose();
        _ready.Dispose();
        _stop.Dispose();
    }

    private void FillAll(long first, long end)
    {
        try
        {
            for (var number = first; number < end; number++)
            {
                var batch = _free.Take(_stop.Token);
                _sampler.Fill(batch, number);
                _ready.Add(new Prefetched(batch, null), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The consumer is gone; nobody waits for a batch.
        }
        catch (Exception unexpected)
        {
            // Whatever it is, it must not end the process from here: the consumer meets it.
            _ready.Add(new Prefetched(null, ExceptionDispatchInfo.Capture(unexpected)), CancellationToken.None);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }
}
