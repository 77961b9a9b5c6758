namespace LargeRec.Engine.Operations;

/// <summary>What a row is divided by.</summary>
public enum NormKind
{
    /// <summary>(x − mean)/sqrt(variance + epsilon) (Ba et al., 2016).</summary>
    Layer,

    /// <summary>x/sqrt(mean of x² + epsilon) (Zhang and Sennrich, 2019).</summary>
    Rms,
}
