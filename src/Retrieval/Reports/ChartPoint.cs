namespace LargeRec.Retrieval.Reports;

/// <summary>A measured point of a chart; both numbers are finite.</summary>
public readonly record struct ChartPoint(double X, double Y);
