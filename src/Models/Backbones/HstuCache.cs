using LargeRec.Engine;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Embeddings;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>HSTU's memory of a sequence: each layer's keys and values. Attention is causal, so no earlier row changes when events follow.</summary>
internal sealed class HstuCache : SequenceCache
{
    private readonly Device _device;
    private readonly SequenceEmbedding _embedding;
    private readonly HstuLayer[] _layers;
    private readonly float _epsilon;
    private readonly (Tensor Keys, Tensor Values)[] _known;
    private readonly JaggedLayout _layout = new();

    public HstuCache(Device device, HstuOptions options, SequenceEmbedding embedding, HstuLayer[] layers, float epsilon, int slack)
        : base(options.MaxLength, slack, options.Bias.HasFlag(AttentionBias.Time))
    {
        device.Attention.RequireContinuing();
        (_device, _embedding, _layers, _epsilon) = (device, embedding, layers, epsilon);
        _known =
        [
            .. layers.Select(_ => (
                device.AllocatePersistent(Shape.Matrix(options.MaxLength, options.Heads * options.Dqk)),
                device.AllocatePersistent(Shape.Matrix(options.MaxLength, options.Heads * options.Dv)))),
        ];
    }

    public override void Dispose()
    {
        foreach (var (keys, values) in _known)
        {
            _device.Release(keys);
            _device.Release(values);
        }
    }

    private protected override Tensor Encode(ReadOnlySpan<int> nextSeconds)
    {
        var rows = Count - KnownRows;
        if (KnownRows == 0)
        {
            _layout.Assign([0, rows], Seconds, nextSeconds);
        }
        else
        {
            _layout.Assign([0, rows]);
        }

        var x = _embedding.Continue(_device, _device.Upload(Items[KnownRows..]), _layout, KnownRows);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var (keys, values) = _known[layer];
            var isLast = layer == _layers.Length - 1;
            x = _layers[layer].Continue(_device, x, keys.SliceRows(0, Count), values.SliceRows(0, Count), _layout, Seconds, nextSeconds, isLast);
        }

        var query = _device.Allocate(x.Shape);
        _device.Normalization.L2Normalize(x, _epsilon, query);
        return query;
    }
}
