using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Losses;

/// <summary>Softmax over all candidates; the formula is <see cref="LossOperations.FullSoftmax"/>'s. Nothing is drawn.</summary>
public sealed class FullSoftmaxLoss : SequenceLoss
{
    private readonly Tensor _offsets;
    private readonly float _temperature;

    /// <param name="candidates">Every item that may be recommended, seen in the data or not; the other rows of the table do not count.</param>
    /// <param name="tableRows">V.</param>
    /// <param name="temperature">τ.</param>
    public FullSoftmaxLoss(Device device, ReadOnlySpan<int> candidates, int tableRows, float temperature)
    {
        var offsets = new float[tableRows];
        Array.Fill(offsets, LossOperations.Excluded);
        foreach (var item in candidates)
        {
            offsets[item] = 0;
        }

        (_offsets, _temperature) = (device.AllocatePersistent(Shape.Matrix(1, tableRows)), temperature);
        device.Upload(offsets, _offsets);
    }

    /// <summary>2·V·D a token, of the table's rows that are no candidates too.</summary>
    public override double ForwardFlops(long tokens, int width) => 2.0 * tokens * _offsets.Columns * width;

    public override Variable Forward(ForwardContext context, Variable queries, Variable items, IndexTensor labels, float weight) =>
        FullSoftmax.Apply(context.Tape, queries, items, _offsets, labels, _temperature, weight);
}
