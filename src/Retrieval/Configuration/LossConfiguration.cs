namespace LargeRec.Retrieval.Configuration;

/// <summary>What is minimised.</summary>
public sealed record LossConfiguration
{
    public LossSetting Kind { get; init; } = LossSetting.SampledSoftmax;

    /// <summary>R, the negatives drawn for every token.</summary>
    public int Negatives { get; init; } = 128;

    /// <summary>T, by which cosines are divided.</summary>
    public double Temperature { get; init; } = 0.05;
}
