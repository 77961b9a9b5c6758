using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>What is minimised.</summary>
public sealed record LossConfiguration
{
    [Description("What is minimised.")]
    public LossSetting Kind { get; init; } = LossSetting.SampledSoftmax;

    [Description("R, the negatives drawn for every token; 0 for full-softmax, which draws none.")]
    public int Negatives { get; init; } = 128;

    [Description("T, by which cosines are divided.")]
    public double Temperature { get; init; } = 0.05;

    [Description("What negatives are drawn from: candidates, each as likely; popularity, items of the training events by count^popularity_power; batch, the "
        + "different items that follow a batch's events.")]
    public NegativeSource NegativesFrom { get; init; } = NegativeSource.Candidates;

    [Description("The power of counts by which negatives_from popularity draws, from 0 to 1.")]
    public double PopularityPower { get; init; } = 0.75;

    [Description("One draw of negatives for all tokens of a forward pass in place of one a token.")]
    public bool SharedNegatives { get; init; }

    [Description("Subtract ln Q of each item's chance to be drawn from its logit (logQ), under sampled-softmax and negatives_from popularity.")]
    public bool LogqCorrection { get; init; }

    [Description("t of gbce: from 0, plain bce, to 1, scores calibrated as if all negatives were drawn.")]
    public double Calibration { get; init; } = 0.75;
}
