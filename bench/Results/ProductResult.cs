namespace LargeRec.Bench.Results;

/// <summary>One line of the table of products. Ratio: OpenBLAS's time over ours, the median over pairs measured one after the other;
/// best ratio: the shortest time of OpenBLAS over our shortest, which a busy machine disturbs least.</summary>
public sealed record ProductResult(
    string Name, int Rows, int Columns, int Depth, string Transposes, double Gflops, double PeerGflops, double Ratio, double BestRatio, double CeilingShare);
