using LargeRec.Data.Batching;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;

namespace LargeRec.Retrieval.Ranking;

/// <summary>
/// The one streamed pass from histories to ranks or to the best items: encode a batch, take each sequence's last query, score it against the catalogue in
/// blocks. Evaluation, recommending and serving all come through here.
/// </summary>
public sealed class RankingPass : IDisposable
{
    /// <summary>512 MiB.</summary>
    public const long DefaultMostCopiedBytes = 512L << 20;

    private readonly SequenceModel _model;
    private readonly Device _device;
    private readonly Tensor? _scales;
    private readonly IndexTensor _candidates;
    private readonly QuantizedItems? _quantized;
    private readonly JaggedLayout _layout = new();
    private Tensor? _items;

    /// <param name="model">Its weights must not change while the pass is in use: the items' vectors are computed once.</param>
    /// <param name="device">The model's device, with no step open.</param>
    /// <param name="candidates">Every item that may be ranked.</param>
    /// <param name="preselect">Whether lists are found by way of an int8 copy of the items' vectors: the same lists, for a quarter of the bytes read.</param>
    /// <param name="mostCopiedBytes">The size of an item table beyond which ranks are made without a second one of normalised rows, where the device can; lists
    /// need it.</param>
    /// <exception cref="NotSupportedException">An int8 copy is asked for, and the device has none.</exception>
    public RankingPass(
        SequenceModel model, Device device, ReadOnlySpan<int> candidates, bool preselect = false, long mostCopiedBytes = DefaultMostCopiedBytes)
    {
        (_model, _device) = (model, device);
        _candidates = device.UploadPersistent(candidates);
        try
        {
            var table = model.ItemTable.Value;
            if (!preselect && device.SupportsRowGradients && table.Shape.Count * sizeof(float) > mostCopiedBytes)
            {
                // What training holds for its steps is of no use here, and may be large where the table is.
                device.Trim();
                _scales = device.AllocatePersistent(Shape.Vector(table.Rows));
                device.Normalization.L2Scales(table, model.ItemNormEpsilon, _scales);
                return;
            }

            _items = Vectors();
            _quantized = preselect ? device.Ranking.Quantize(_items, _candidates) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The rank of each example's target among all candidates, those of the example's own window left out if asked for: 1 is best, 0 a target that is itself
    /// in the window.
    /// </summary>
    /// <param name="progress">Told how many examples are done, after each batch.</param>
    /// <exception cref="ArithmeticException">A score is NaN.</exception>
    public int[] Ranks(
        InteractionSequences sequences, ReadOnlyMemory<Example> examples, int batchSize, bool filterHistory, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        var ranks = new int[examples.Length];
        if (examples.IsEmpty)
        {
            return ranks;
        }

        var sampler = new BatchSampler(sequences, examples, batchSize);
        using var prefetcher = new Prefetcher(sampler, 0, sampler.BatchesPerEpoch);
        var filter = new HistoryFilter();
        var done = 0;
        while (prefetcher.TryTake(out var batch, cancellation))
        {
            if (filterHistory)
            {
                filter.FillFromWindows(batch);
            }

            using var step = _device.BeginStep();
            var queries = Queries(batch);

            // With scales the table itself is ranked.
            var items = _scales is null ? _items! : _model.ItemTable.Value;
            var itemFilter = filterHistory ? filter.Filter : default;
            _device.Ranking.Ranks(queries, items, _candidates, batch.Targets, itemFilter, ranks.AsSpan(done, batch.SequenceCount), _scales);
            done += batch.SequenceCount;
            progress?.Invoke(done);
        }

        return ranks;
    }

    /// <summary>The best candidates of each sequence of a batch, best first; item −1 where fewer are left.</summary>
    /// <param name="batch">Histories, with the time of the request where the model needs times.</param>
    /// <param name="filter">What each query must not see.</param>
    /// <param name="items">[B·k], written.</param>
    /// <param name="scores">[B·k], written: cosines.</param>
    public void TopK(JaggedBatch batch, ItemFilter filter, int k, Span<int> items, Span<float> scores)
    {
        PrepareLists();
        using var step = _device.BeginStep();
        TopK(Queries(batch), filter, k, items, scores);
    }

    /// <summary>The best candidates after the events of a cache, best first; item −1 where fewer are left.</summary>
    /// <param name="cache">Of the pass's own model and device.</param>
    /// <param name="nextSeconds">The time of the request on the cache's clock.</param>
    /// <param name="filter">What must not come, of one query.</param>
    /// <param name="items">[k], written.</param>
    /// <param name="scores">[k], written: cosines.</param>
    public void TopK(SequenceCache cache, int nextSeconds, ItemFilter filter, int k, Span<int> items, Span<float> scores)
    {
        PrepareLists();
        using var step = _device.BeginStep();
        TopK(cache.Query(nextSeconds), filter, k, items, scores);
    }

    /// <summary>A memory of a sequence of the pass's model, to be continued event by event.</summary>
    /// <param name="windowSlack">As <see cref="SequenceModel.NewCache"/> takes it.</param>
    public SequenceCache NewCache(int windowSlack) => _model.NewCache(_device, windowSlack);

    public void Dispose()
    {
        _quantized?.Dispose();
        foreach (var array in (ReadOnlySpan<DeviceArray?>)[_items, _scales, _candidates])
        {
            if (array is not null)
            {
                _device.Release(array);
            }
        }
    }

    /// <summary>[V, D], the items' vectors, beyond steps.</summary>
    private Tensor Vectors()
    {
        using var step = _device.BeginStep();
        return _model.Items(ForwardContext.Inference(_device)).Value.Keep();
    }

    /// <summary>Lists are made from the items' vectors.</summary>
    private void PrepareLists() => _items ??= Vectors();

    private void TopK(Tensor queries, ItemFilter filter, int k, Span<int> items, Span<float> scores)
    {
        if (_quantized is not null)
        {
            _device.Ranking.TopK(queries, _quantized, filter, k, items, scores);
        }
        else
        {
            _device.Ranking.TopK(queries, _items!, _candidates, filter, k, items, scores);
        }
    }

    /// <summary>[B, D]: the encoder's output at each sequence's last event.</summary>
    private Tensor Queries(JaggedBatch batch)
    {
        _layout.Assign(batch.Offsets, _model.NeedsTimes ? batch.EventSeconds : default, _model.NeedsTimes ? batch.NextSeconds : default);
        var encoded = _model.Encode(ForwardContext.Inference(_device), new SequenceBatch(_layout, _device.Upload(batch.Items)));
        var lastRows = new int[batch.SequenceCount];
        for (var b = 0; b < lastRows.Length; b++)
        {
            lastRows[b] = batch.Offsets[b + 1] - 1;
        }

        var queries = _device.Allocate(Shape.Matrix(lastRows.Length, _model.Width));
        _device.Embedding.GatherRows(encoded.Value, _device.Upload(lastRows), queries);
        return queries;
    }
}
