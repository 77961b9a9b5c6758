namespace LargeRec.Bench.Results;

/// <summary>Matrix products beside a peer's on so many threads.</summary>
/// <param name="Circumstances">When and with what.</param>
/// <param name="Peer">The peer and the kernels that it chose.</param>
/// <param name="CeilingGigaflops">Fused multiply-adds in the same run.</param>
/// <param name="Rows">A shape each.</param>
public sealed record ProductsResult(Circumstances Circumstances, string Peer, double CeilingGigaflops, IReadOnlyList<ProductResult> Rows)
{
    /// <summary>The geometric mean of the rows' ratios.</summary>
    public double GeometricMean => Math.Exp(Rows.Average(r => Math.Log(r.Ratio)));

    /// <summary>The geometric mean of the rows' best ratios.</summary>
    public double GeometricMeanOfBest => Math.Exp(Rows.Average(r => Math.Log(r.BestRatio)));

    /// <summary>The lowest of the rows' ratios.</summary>
    public double Lowest => Rows.Min(r => r.Ratio);
}
