using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Losses;

/// <summary>
/// Sampled softmax with "local" negatives (research code): R draws for every token, uniform with replacement over all candidates, no correction for
/// popularity and no filtering; a draw that hits the label counts nothing.
/// </summary>
/// <param name="candidates">Every item that may be recommended, seen in the data or not.</param>
/// <param name="negatives">R.</param>
/// <param name="temperature">τ.</param>
public sealed class SampledSoftmaxLoss(IndexTensor candidates, int negatives, float temperature) : SequenceLoss
{
    private static readonly uint Site = StableHash.Of("loss.negatives");

    public int Negatives { get; } = negatives;

    /// <summary>2·(R + 1)·D a token.</summary>
    public override double ForwardFlops(long tokens, int width) => 2.0 * tokens * (Negatives + 1) * width;

    public override Variable Forward(ForwardContext context, Variable queries, Variable items, IndexTensor labels, float weight) =>
        SampledSoftmax.Apply(context.Tape, queries, items, labels, Draw(context, queries.Shape.Rows), temperature, weight);

    /// <summary>Draws the negatives, and collects the rows of the item table that a forward pass uses: what it reads, its labels and its negatives.</summary>
    /// <param name="inputs">[T], the items that the model reads; overwritten by their places among the rows.</param>
    /// <param name="labels">[T]; overwritten likewise.</param>
    public SampledRows CollectRows(ForwardContext context, SequenceModel model, IndexTensor inputs, IndexTensor labels)
    {
        var negatives = Draw(context, labels.Length);
        var rows = model.ItemTable.Variable.CollectRows(inputs, labels, negatives);
        context.Device.Profile?.Mark("collect rows", ProfilePhase.Forward);
        return new SampledRows(rows, inputs, labels, negatives);
    }

    /// <summary>The same loss, bit for bit, of a pass whose rows were collected: no other row of the item table is touched.</summary>
    public Variable Forward(ForwardContext context, Variable queries, SequenceModel model, SampledRows rows, float weight) => SampledSoftmaxRows.Apply(
        context.Tape, queries, model.ItemTable.Variable, model.ItemNormEpsilon, rows.Rows, rows.Labels, rows.Negatives, temperature, weight);

    private IndexTensor Draw(ForwardContext context, int tokens)
    {
        var draws = (long)tokens * Negatives;
        if (draws > int.MaxValue)
        {
            throw new ArgumentException($"sampled softmax: {tokens} tokens of {Negatives} negatives are {draws} draws, more than {int.MaxValue}; take "
                + "smaller batches, shorter histories or fewer negatives");
        }

        var drawn = context.Device.AllocateIndices((int)draws);
        context.Device.Sampling.UniformCandidates(candidates, context.Seed, context.ForwardCount, Site, drawn);
        context.Device.Profile?.Mark("negatives", ProfilePhase.Forward);
        return drawn;
    }
}
