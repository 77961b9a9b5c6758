using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;

namespace LargeRec.Models.Losses;

/// <summary>Softmax of the label against drawn negatives; a draw that hits the label counts nothing, nothing else is filtered.</summary>
/// <param name="sampler">Its negatives.</param>
/// <param name="temperature">τ.</param>
public sealed class SampledSoftmaxLoss(NegativeSampler sampler, float temperature) : SequenceLoss
{
    /// <summary>As in the research code: R draws for every token, uniform with replacement over all candidates, no correction for popularity.</summary>
    /// <param name="candidates">Every item that may be recommended, seen in the data or not.</param>
    /// <param name="negatives">R.</param>
    /// <param name="temperature">τ.</param>
    public SampledSoftmaxLoss(IndexTensor candidates, int negatives, float temperature)
        : this(new NegativeSampler(candidates, negatives), temperature)
    {
    }

    /// <summary>Whether its gradients can be kept by row: it reads no number of the whole table.</summary>
    public bool SupportsRows => sampler.LogCorrections is null;

    /// <summary>2·(R + 1)·D a token.</summary>
    public override double ForwardFlops(long tokens, int width) => 2.0 * tokens * (sampler.Negatives + 1) * width;

    public override Variable Forward(ForwardContext context, Variable queries, Variable items, IndexTensor labels, float weight) =>
        SampledSoftmax.Apply(context.Tape, queries, items, labels, sampler.Draw(context, labels), temperature, weight, sampler.LogCorrections);

    /// <summary>Draws the negatives, and collects the rows of the item table that a forward pass uses: what it reads, its labels and its negatives.</summary>
    /// <param name="inputs">[T], the items that the model reads; overwritten by their places among the rows.</param>
    /// <param name="labels">[T]; overwritten likewise.</param>
    public SampledRows CollectRows(ForwardContext context, SequenceModel model, IndexTensor inputs, IndexTensor labels)
    {
        var negatives = sampler.Draw(context, labels);
        var rows = model.ItemTable.Variable.CollectRows(inputs, labels, negatives);
        context.Device.Profile?.Mark("collect rows", ProfilePhase.Forward);
        return new SampledRows(rows, inputs, labels, negatives);
    }

    /// <summary>The same loss, bit for bit, of a pass whose rows were collected: no other row of the item table is touched.</summary>
    public Variable Forward(ForwardContext context, Variable queries, SequenceModel model, SampledRows rows, float weight) => SampledSoftmaxRows.Apply(
        context.Tape, queries, model.ItemTable.Variable, model.ItemNormEpsilon, rows.Rows, rows.Labels, rows.Negatives, temperature, weight);
}
