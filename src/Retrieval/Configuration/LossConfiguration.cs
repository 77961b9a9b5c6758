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
}
