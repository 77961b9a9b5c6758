using LargeRec.Data.Preparation;

namespace LargeRec.Data.Batching;

/// <summary>
/// Cuts examples into batches. Batch k of epoch e is a pure function of (e, k): the caller's permutation of e, cut into pieces of the batch
/// size, the last one shorter where they do not divide. There is no state to save.
/// </summary>
public sealed class BatchSampler
{
    private readonly ReadOnlyMemory<Example> _examples;
    private readonly Func<int, int[]>? _permutation;
    private readonly StochasticLength? _stochasticLength;
    private readonly Lock _gate = new();
    private (int Epoch, int[] Order)? _latest;

    /// <param name="sequences">The users' events.</param>
    /// <param name="examples">What to cut into batches; at least one.</param>
    /// <param name="batchSize">Sequences a batch.</param>
    /// <param name="permutation">From epoch to an order of 0 .. examples - 1; null for the order given, in every epoch.</param>
    /// <param name="stochasticLength">Cuts long histories, drawn anew in each epoch; null: they are whole.</param>
    public BatchSampler(
        InteractionSequences sequences, ReadOnlyMemory<Example> examples, int batchSize, Func<int, int[]>? permutation = null,
        StochasticLength? stochasticLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (examples.IsEmpty)
        {
            throw new ArgumentException($"{sequences.Name}: no user is long enough for this part of the split, so there is nothing to make batches of");
        }

        Sequences = sequences;
        _examples = examples;
        BatchSize = batchSize;
        _permutation = permutation;
        _stochasticLength = stochasticLength;
    }

    public InteractionSequences Sequences { get; }

    public int BatchSize { get; }

    public int ExampleCount => _examples.Length;

    /// <summary>ceil(examples / batch size).</summary>
    public int BatchesPerEpoch => (_examples.Length - 1) / BatchSize + 1;

    /// <summary>How many events of each example an epoch (from 0) has, in the order of the examples.</summary>
    public IEnumerable<int> Lengths(int epoch)
    {
        for (var index = 0; index < _examples.Length; index++)
        {
            var example = _examples.Span[index];
            yield return _stochasticLength?.LengthOf(example, epoch, index) ?? example.Length;
        }
    }

    /// <summary>Whether all epochs have the same lengths.</summary>
    public bool HasConstantLengths => _stochasticLength is null;

    /// <summary>Fills the batch with number <paramref name="batch"/> (from 0) of an epoch (from 0).</summary>
    public void Fill(JaggedBatch target, int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, BatchesPerEpoch);
        var from = batch * BatchSize;
        var to = Math.Min(from + BatchSize, _examples.Length);
        var order = _permutation is null ? null : OrderOf(epoch);
        target.Clear();
        for (var i = from; i < to; i++)
        {
            var index = order?[i] ?? i;
            if (_stochasticLength is null)
            {
                target.Add(Sequences, _examples.Span[index]);
            }
            else
            {
                _stochasticLength.Add(target, Sequences, _examples.Span[index], epoch, index);
            }
        }
    }

    /// <summary>Fills the batch with this number counted over all epochs: <c>number = epoch x BatchesPerEpoch + batch</c>.</summary>
    public void Fill(JaggedBatch target, long number) => Fill(target, checked((int)(number / BatchesPerEpoch)), (int)(number % BatchesPerEpoch));

    private int[] OrderOf(int epoch)
    {
        // Remembered only to spare computing it for each batch.
        lock (_gate)
        {
            if (_latest is { } known && known.Epoch == epoch)
            {
                return known.Order;
            }

            var order = _permutation!(epoch);
            RequirePermutation(order, epoch);
            _latest = (epoch, order);
            return order;
        }
    }

    private void RequirePermutation(int[] order, int epoch)
    {
        var seen = new bool[_examples.Length];
        foreach (var index in order)
        {
            if ((uint)index >= (uint)seen.Length || seen[index])
            {
                throw new ArgumentException($"the order of epoch {epoch} has {index} twice or beyond {seen.Length - 1}; it must be a permutation of 0 .. "
                    + $"{seen.Length - 1}");
            }

            seen[index] = true;
        }

        if (order.Length != seen.Length)
        {
            throw new ArgumentException($"the order of epoch {epoch} has {order.Length} entries; it must be a permutation of 0 .. {seen.Length - 1}");
        }
    }
}
