using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Losses;

/// <summary>Binary cross-entropy of the label against drawn negatives; the formula is <see cref="LossOperations.SampledBinaryCrossEntropy"/>'s.</summary>
/// <param name="sampler">Its negatives.</param>
/// <param name="temperature">τ.</param>
/// <param name="positivePower">β: 1, or that of <see cref="PositivePower"/>.</param>
public sealed class BinaryCrossEntropyLoss(NegativeSampler sampler, float temperature, float positivePower = 1) : SequenceLoss
{
    /// <summary>
    /// gSASRec's β = α·(t·(1 − 1/α) + 1/α) with α = R/(C − 1), the share of the other candidates that is drawn (Petrov and Macdonald, 2023): it takes back
    /// the overconfidence that comes of leaving out most negatives.
    /// </summary>
    /// <param name="negatives">R.</param>
    /// <param name="candidates">C.</param>
    /// <param name="calibration">t: from 0, β = 1, to 1, β = α, probabilities as of all negatives.</param>
    public static float PositivePower(int negatives, int candidates, double calibration)
    {
        var share = Math.Min(1, negatives / (double)Math.Max(1, candidates - 1));
        return (float)(share * ((calibration * (1 - (1 / share))) + (1 / share)));
    }

    /// <summary>2·(R + 1)·D a token.</summary>
    public override double ForwardFlops(long tokens, int width) => 2.0 * tokens * (sampler.Negatives + 1) * width;

    public override Variable Forward(ForwardContext context, Variable queries, Variable items, IndexTensor labels, float weight) =>
        SampledBinaryCrossEntropy.Apply(context.Tape, queries, items, labels, sampler.Draw(context, labels), temperature, positivePower, weight);
}
