using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Embeddings;

/// <summary>
/// The item table and the learned absolute positions, from the oldest kept event on or back from the latest:
/// x = dropout(item·√D + position), 0 for padding (research code, LearnablePositionalEmbeddingInputFeaturesPreprocessor).
/// </summary>
public sealed class SequenceEmbedding : Module
{
    private readonly Parameter? _positions;
    private readonly float _dropout;
    private readonly bool _fromLatest;

    /// <summary>The public research code's, of HSTU.</summary>
    /// <param name="itemRows">V, row 0 being padding.</param>
    /// <param name="paddedLength">N, rows of the position table.</param>
    /// <param name="width">D.</param>
    public SequenceEmbedding(Device device, int itemRows, int paddedLength, int width, float dropout, ulong seed)
        : this(
            device,
            itemRows,
            width,
            new ParameterSetting("_embedding_module._item_emb.weight", Initializer.TruncatedNormal(0.02)),
            paddedLength,

            // HSTU's reset_params re-initialises whatever is neither in the encoder nor in the embedding module: the positions become xavier-normal.
            new ParameterSetting("_input_features_preproc._pos_emb.weight", Initializer.XavierNormal(width, paddedLength)),
            dropout,
            seed)
    {
    }

    /// <param name="itemRows">V, row 0 being padding.</param>
    /// <param name="width">D.</param>
    /// <param name="itemTable">[V, D].</param>
    /// <param name="paddedLength">N, rows of the position table.</param>
    /// <param name="positions">[N, D]; none: the input has no positions.</param>
    /// <param name="fromLatest">Row N − 1 is the latest event's position, N − 2 that before it, whatever the length; else row 0 is the oldest's.</param>
    /// <exception cref="ArgumentException">A value is impossible.</exception>
    public SequenceEmbedding(
        Device device,
        int itemRows,
        int width,
        ParameterSetting itemTable,
        int paddedLength,
        ParameterSetting? positions,
        float dropout,
        ulong seed,
        bool fromLatest = false)
    {
        if (itemRows < 1 || width < 1 || paddedLength < 1 || dropout is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                $"embedding: {itemRows} rows of items, width {width}, {paddedLength} positions and dropout {dropout}; they must be at least 1, and "
                + $"dropout in [0, 1)");
        }

        _dropout = dropout;
        _fromLatest = fromLatest && positions is not null;
        ItemTable = Register(Parameter.Create(device, itemTable.Name, Shape.Matrix(itemRows, width), itemTable.First, seed, isTable: true));
        _positions = RegisterOptional(device, positions, Shape.Matrix(paddedLength, width), seed);
    }

    /// <summary>[V, D].</summary>
    public Parameter ItemTable { get; }

    /// <returns>[T, D].</returns>
    public Variable Forward(ForwardContext context, SequenceBatch batch)
    {
        var dropout = context.Dropout("_input_features_preproc.dropout", _dropout);
        var scale = MathF.Sqrt(ItemTable.Shape.Columns);
        if (!_fromLatest)
        {
            return EmbedSequences.Apply(context.Tape, ItemTable.Variable, _positions?.Variable, batch.Items, batch.Layout, scale, dropout, batch.UsedRows);
        }

        var items = EmbedSequences.Apply(context.Tape, ItemTable.Variable, null, batch.Items, batch.Layout, scale, DropoutSite.None, batch.UsedRows);
        var places = context.Device.Upload(PlacesFromLatest(batch.Layout, _positions!.Shape.Rows));
        var positions = EmbedSequences.Apply(context.Tape, _positions.Variable, null, places, batch.Layout, 1, DropoutSite.None);
        return Dropout.Apply(context.Tape, Dropout.AddTo(context.Tape, items, positions, DropoutSite.None), dropout);
    }

    /// <summary>The row of the position table of each event; 0, which gives nothing, for rows of no sequence. Events have 11 or more: N is
    /// L + 11.</summary>
    private static int[] PlacesFromLatest(JaggedLayout layout, int rows)
    {
        var places = new int[layout.Tokens];
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            for (var token = layout.Offsets[sequence]; token < layout.Offsets[sequence + 1]; token++)
            {
                places[token] = rows - layout.Offsets[sequence + 1] + token;
            }
        }

        return places;
    }

    /// <summary>Rows of one sequence that follow others, without dropout.</summary>
    /// <param name="layout">Of these rows alone.</param>
    /// <param name="before">How many rows they follow.</param>
    internal Tensor Continue(Device device, IndexTensor items, JaggedLayout layout, int before)
    {
        var x = device.Allocate(Shape.Matrix(items.Length, ItemTable.Shape.Columns));
        var positions = _positions?.Value.SliceRows(before, items.Length);
        device.Embedding.EmbedSequences(ItemTable.Value, positions, items, layout, MathF.Sqrt(ItemTable.Shape.Columns), DropoutSite.None, x);
        return x;
    }
}
