using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Models.Embeddings;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>Hierarchical Sequential Transduction Units: the embedding, a stack of layers, and both sides normalised to length 1.</summary>
public sealed class Hstu : SequenceModel
{
    private const float NormEpsilon = 1e-6f;

    private readonly HstuOptions _options;
    private readonly SequenceEmbedding _embedding;
    private readonly HstuLayer[] _layers;

    /// <exception cref="ArgumentException">An option is impossible.</exception>
    public Hstu(Device device, HstuOptions options, ulong seed)
    {
        options.Validate();
        _options = options;
        _embedding = Register(new SequenceEmbedding(device, options.ItemRows, options.PaddedLength, options.Width, options.Dropout, seed));
        _layers = new HstuLayer[options.Layers];
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = Register(new HstuLayer(device, options, $"_hstu._attention_layers.{layer}", seed));
        }
    }

    public override int MaxLength => _options.MaxLength;

    public override bool NeedsTimes => _options.Bias.HasFlag(AttentionBias.Time);

    public override int Width => _options.Width;

    public override int ItemRows => _options.ItemRows;

    public override Parameter ItemTable => _embedding.ItemTable;

    public override float ItemNormEpsilon => NormEpsilon;

    public override double ForwardFlops(TokenCounts counts) => _layers.Sum(layer => layer.ForwardFlops(counts));

    public override Variable Encode(ForwardContext context, SequenceBatch batch)
    {
        if (batch.Layout.LongestSequence > MaxLength)
        {
            throw new ArgumentException($"hstu: a sequence has {batch.Layout.LongestSequence} events, the model takes {MaxLength}; keep the latest");
        }

        var x = _embedding.Forward(context, batch);
        foreach (var layer in _layers)
        {
            x = layer.Forward(context, x, batch.Layout);
        }

        return L2Normalize.Apply(context.Tape, x, NormEpsilon);
    }

    public override SequenceCache NewCache(Device device, int slack = 0) => new HstuCache(device, _options, _embedding, _layers, NormEpsilon, slack);

    public override Variable Items(ForwardContext context) => L2Normalize.Apply(context.Tape, _embedding.ItemTable.Variable, NormEpsilon);
}
