using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Embeddings;

/// <summary>
/// The item table and the learned absolute positions, from the oldest kept event on:
/// x = dropout(item·√D + position), 0 for padding (research code, LearnablePositionalEmbeddingInputFeaturesPreprocessor).
/// </summary>
public sealed class SequenceEmbedding : Module
{
    private readonly Parameter _positions;
    private readonly float _dropout;

    /// <param name="itemRows">V, row 0 being padding.</param>
    /// <param name="paddedLength">N, rows of the position table.</param>
    /// <param name="width">D.</param>
    public SequenceEmbedding(Device device, int itemRows, int paddedLength, int width, float dropout, ulong seed)
    {
        _dropout = dropout;
        ItemTable = Register(Parameter.Create(
            device, "_embedding_module._item_emb.weight", Shape.Matrix(itemRows, width), Initializer.TruncatedNormal(0.02), seed, isTable: true));

        // HSTU's reset_params re-initialises whatever is neither in the encoder nor in the embedding module: the positions become xavier-normal.
        _positions = Register(Parameter.Create(
            device, "_input_features_preproc._pos_emb.weight", Shape.Matrix(paddedLength, width), Initializer.XavierNormal(width, paddedLength), seed));
    }

    /// <summary>[V, D].</summary>
    public Parameter ItemTable { get; }

    /// <returns>[T, D].</returns>
    public Variable Forward(ForwardContext context, SequenceBatch batch) => EmbedSequences.Apply(
        context.Tape,
        ItemTable.Variable,
        _positions.Variable,
        batch.Items,
        batch.Layout,
        MathF.Sqrt(ItemTable.Shape.Columns),
        context.Dropout("_input_features_preproc.dropout", _dropout),
        batch.UsedRows);

    /// <summary>Rows of one sequence that follow others, without dropout.</summary>
    /// <param name="layout">Of these rows alone.</param>
    /// <param name="before">How many rows they follow.</param>
    internal Tensor Continue(Device device, IndexTensor items, JaggedLayout layout, int before)
    {
        var x = device.Allocate(Shape.Matrix(items.Length, ItemTable.Shape.Columns));
        var positions = _positions.Value.SliceRows(before, items.Length);
        device.Embedding.EmbedSequences(ItemTable.Value, positions, items, layout, MathF.Sqrt(ItemTable.Shape.Columns), DropoutSite.None, x);
        return x;
    }
}
